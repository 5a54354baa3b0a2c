// What the other packages of this repository build on; it may change in any version.
export { divergingColor, mixColors, type Color } from './sheet/color-maps.js';
export { composeSheet, layOutSheet, type SheetLayout, type SheetRow } from './sheet/compose-sheet.js';
export { createPalette, drawHover, drawImage, drawTypes, toRgbImage, type Palette } from './sheet/draw-panels.js';
export { endPage, escapeText, formatTable, startPage } from './report/page.js';
export { nameTypes } from './read/number-classes.js';

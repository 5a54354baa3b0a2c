// Public interface of @hovernet/slides in a page.
export * from './common.js';
export { openSlide } from './web/open-slide.js';

// Line charts of a training run as SVG, drawn without any library.
import { createLinearScale, createLogScale, formatTick, type AxisScale } from './curve-scale.js';

/** One line of a chart. */
export interface CurveSeries {
  readonly name: string;
  /** x and y of each point, x ascending; points whose y is not finite are left out and interrupt the line. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface CurveOptions {
  /** @default '' */
  readonly title?: string;
  /** @default 'epoch' */
  readonly xLabel?: string;
  /** @default '' */
  readonly yLabel?: string;
  /** Logarithmic needs y > 0; points at or below 0 are left out. @default 'linear' */
  readonly yScale?: 'linear' | 'log';
  /** @default 720 */
  readonly widthPx?: number;
  /** @default 420 */
  readonly heightPx?: number;
}

/** Colours that stay apart for colour-blind readers (Okabe and Ito, 2008). */
const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A chart with axes, grid and legend as one SVG document. No series, or empty ones, give empty axes. */
export function renderCurve(series: readonly CurveSeries[], options: CurveOptions = {}): string {
  const { title = '', xLabel = 'epoch', yLabel = '', yScale = 'linear', widthPx = 720, heightPx = 420 } = options;
  const legend = layOutLegend(series, widthPx - 96);
  const legendTop = title ? 54 : 26;
  const top = legendTop + legend.rows * legendRowPx - 2;
  const frame: Frame = { left: 72, right: widthPx - 24, top, bottom: heightPx - 56 };
  const isShown = (y: number): boolean => Number.isFinite(y) && (yScale === 'linear' || y > 0);
  const shown = series.flatMap((line) => line.points.filter((point) => isShown(point[1])));
  const x = createLinearScale(
    shown.map((point) => point[0]),
    [frame.left, frame.right],
    8,
  );
  const yValues = shown.map((point) => point[1]);
  const y =
    yScale === 'log' && yValues.length > 0
      ? createLogScale(yValues, [frame.bottom, frame.top])
      : createLinearScale(yValues, [frame.bottom, frame.top], 6);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}" ` +
      'font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#333">',
    '<rect width="100%" height="100%" fill="#fff"/>',
    title && `<text x="${frame.left}" y="28" font-size="17" font-weight="bold">${escapeXml(title)}</text>`,
    ...renderAxes(frame, x, y),
    `<text x="${(frame.left + frame.right) / 2}" y="${heightPx - 14}" text-anchor="middle">${escapeXml(xLabel)}</text>`,
    yLabel &&
      `<text transform="translate(18 ${(frame.top + frame.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeXml(yLabel)}</text>`,
    ...series.map((line, index) => renderLine(line, index, x, y, isShown)),
    renderLegend(series, legend, frame.left, legendTop),
    '</svg>',
    '',
  ]
    .filter((part, index, parts) => part !== '' || index === parts.length - 1)
    .join('\n');
}

function renderAxes(frame: Frame, x: AxisScale, y: AxisScale): string[] {
  const { left, right, top, bottom } = frame;
  const grid = y.ticks.map(
    (tick) =>
      `<path d="M${left} ${px(y.place(tick))}H${right}" stroke="#e4e4e4"/>` +
      `<text x="${left - 8}" y="${px(y.place(tick) + 4.5)}" text-anchor="end">${formatTick(tick)}</text>`,
  );
  const marks = x.ticks.map(
    (tick) =>
      `<path d="M${px(x.place(tick))} ${bottom}v5" stroke="#888"/>` +
      `<text x="${px(x.place(tick))}" y="${bottom + 20}" text-anchor="middle">${formatTick(tick)}</text>`,
  );
  return [...grid, ...marks, `<path d="M${left} ${top}V${bottom}H${right}" fill="none" stroke="#888"/>`];
}

/** A path; `h0` after each start makes a point without neighbours visible as a dot. */
function renderLine(
  line: CurveSeries,
  index: number,
  x: AxisScale,
  y: AxisScale,
  isShown: (y: number) => boolean,
): string {
  let pen = 'M';
  let path = '';
  for (const [pointX, pointY] of line.points) {
    if (isShown(pointY)) path += `${pen}${px(x.place(pointX))} ${px(y.place(pointY))}${pen === 'M' ? 'h0' : ''}`;
    pen = isShown(pointY) ? 'L' : 'M';
  }
  return (
    path &&
    `<path d="${path}" fill="none" stroke="${colorOf(index)}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"/>`
  );
}

const legendRowPx = 20;

interface LegendLayout {
  readonly rows: number;
  /** Offset of each name from the legend's corner. */
  readonly places: readonly (readonly [x: number, y: number])[];
}

/** Places of the names, in rows of at most `widthPx`; the width of text is estimated. */
function layOutLegend(series: readonly CurveSeries[], widthPx: number): LegendLayout {
  let x = 0;
  let row = 0;
  const places = series.map((line): readonly [number, number] => {
    const neededPx = 44 + line.name.length * 7.2;
    if (x > 0 && x + neededPx > widthPx) [x, row] = [0, row + 1];
    x += neededPx;
    return [x - neededPx, row * legendRowPx];
  });
  return { rows: row + 1, places };
}

/** A short line and a name for each series, from (`left`, `top`) on. */
function renderLegend(series: readonly CurveSeries[], layout: LegendLayout, left: number, top: number): string {
  return series
    .map((line, index) => {
      const [x, y] = layout.places[index]!;
      return (
        `<path d="M${px(left + x)} ${top + y}h20" stroke="${colorOf(index)}" stroke-width="3"/>` +
        `<text x="${px(left + x + 26)}" y="${top + y + 4.5}">${escapeXml(line.name)}</text>`
      );
    })
    .join('');
}

function colorOf(index: number): string {
  return colors[index % colors.length]!;
}

function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

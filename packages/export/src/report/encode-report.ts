// The report as one HTML file without scripts: outlines are switched by check boxes and style sheets alone.
import type { NucleusClass, Provenance, SegmentedImage } from '@hovernet/core';
import { fallbackColor } from '../fallback-color.js';
import { drawSmallImage, listPaths, mostOutlines } from './draw-overview.js';
import { measureResult, type Histogram, type ResultSummary } from './measure-result.js';
import { endPage, escapeText, formatTable, startPage } from './page.js';

/** A row of tables and a switch of outlines. */
interface Group {
  readonly type: number | null;
  readonly name: string;
  readonly color: NucleusClass['color'];
}

/**
 * The page in parts. Images of more than 50,000 nuclei are shown without outlines. Needs shapes.
 * @throws UnsupportedError where a nucleus has no shape.
 */
export async function* encodeReport(
  image: SegmentedImage,
  { name, provenance }: { readonly name: string; readonly provenance: Provenance | null },
): AsyncGenerator<string, void, undefined> {
  const summary = await measureResult(image);
  const groups = listGroups(image, summary);
  const rules = groups.map((_, index) => `#s${index}:not(:checked) ~ svg .g${index} { display: none; }`).join('\n');
  yield `${startPage(`Nuclei of ${name}`, rules)}<p>${describeImage(image, summary)}</p>
<h2>Image</h2>
`;
  yield* encodePicture(image, groups);
  yield `<h2>Counts</h2>\n${formatCounts(image, summary, groups)}`;
  yield `<h2>Size</h2>\n${drawHistogram(summary.areas, 'pixels of a nucleus', 0)}`;
  if (summary.probabilities) {
    yield `<h2>Probability of the type</h2>\n${drawHistogram(summary.probabilities, "share of a nucleus' pixels that have its type", 2)}`;
  }
  const text = provenance === null ? 'Not known: read from a file.' : JSON.stringify(provenance, null, 2);
  yield `<h2>Provenance</h2>\n<pre>${escapeText(text)}</pre>\n${endPage}`;
}

/** Types that occur, in the order of the classes; one group of all where there are no types. */
function listGroups({ classes, isTyped }: SegmentedImage, { types }: ResultSummary): Group[] {
  if (!isTyped) return [{ type: null, name: 'nuclei', color: fallbackColor }];
  const known = new Map(classes.map((entry) => [entry.id, entry]));
  return [...types.keys()]
    .filter((type) => type !== null)
    .sort((a, b) => a - b)
    .map((type) => ({
      type,
      name: known.get(type)?.name ?? (type === 0 ? 'background' : `type ${type}`),
      color: known.get(type)?.color ?? fallbackColor,
    }));
}

function describeImage({ width, height, mpp }: SegmentedImage, { types }: ResultSummary): string {
  const count = types.get(null)!.count.toLocaleString('en');
  const size = `${width.toLocaleString('en')} × ${height.toLocaleString('en')} pixels`;
  if (mpp === null) return `${count} nuclei in ${size} of unknown resolution.`;
  return `${count} nuclei in ${size} of ${mpp} µm: ${((width * height * mpp ** 2) / 1e6).toPrecision(4)} mm².`;
}

async function* encodePicture(
  image: SegmentedImage,
  groups: readonly Group[],
): AsyncGenerator<string, void, undefined> {
  const { width, height, nuclei } = image;
  yield '<div>\n';
  for (const [index, { name, color }] of groups.entries())
    yield `<input type="checkbox" id="s${index}" checked><label for="s${index}">${swatch(color)}${escapeText(name)}</label>\n`;
  yield `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="the image with the outlines of its nuclei">`;
  if (image.hasImage ?? true) {
    yield `<image width="${width}" height="${height}" preserveAspectRatio="none" href="data:image/png;base64,`;
    yield toBase64(await drawSmallImage(image));
    yield '"/>';
  }
  yield '<g class="outlines" transform="translate(.5 .5)">';
  if (nuclei.count <= mostOutlines) {
    for await (const table of nuclei.tables()) {
      const paths = listPaths(table);
      for (const [index, { type, color }] of groups.entries()) {
        const path = paths.get(type);
        if (path !== undefined) yield `<path class="g${index}" stroke="rgb(${color.join()})" d="${path}"/>\n`;
      }
    }
  }
  yield '</g></svg>\n';
  if (nuclei.count > mostOutlines) yield `<p>Outlines of more than ${mostOutlines} nuclei are left out.</p>\n`;
  yield '</div>\n';
}

function formatCounts(
  { width, height, mpp }: SegmentedImage,
  { types }: ResultSummary,
  groups: readonly Group[],
): string {
  const total = types.get(null)!.count;
  const areaMm2 = mpp === null ? null : (width * height * mpp ** 2) / 1e6;
  const row = (label: string, { count, areaPx }: { count: number; areaPx: number }) => {
    const cells = [count, total === 0 ? '–' : `${((100 * count) / total).toFixed(1)} %`];
    if (areaMm2 !== null) cells.push((count / areaMm2).toFixed(0));
    const mean = count === 0 ? 0 : areaPx / count;
    cells.push(mean.toFixed(1));
    if (mpp !== null) cells.push((mean * mpp ** 2).toFixed(1));
    return [label, ...cells];
  };
  const heads = ['type', 'nuclei', 'share', ...(mpp === null ? [] : ['per mm²']), 'mean area, px'];
  if (mpp !== null) heads.push('mean area, µm²');
  const rows = groups.map(({ type, name, color }) =>
    row(`${swatch(color)}${escapeText(name)}`, types.get(type) ?? { count: 0, areaPx: 0 }),
  );
  return formatTable(heads, groups.length > 1 ? [...rows, row('all', types.get(null)!)] : rows);
}

/** Bars with the first and the last number of the axis below. */
function drawHistogram({ counts, step }: Histogram, label: string, digits: number): string {
  const most = Math.max(1, ...counts);
  const bars = counts.map((count, index) => {
    const length = (100 * count) / most;
    return `<rect x="${20 * index}" y="${100 - length}" width="18" height="${length}" fill="#4c78a8"><title>from ${(index * step).toFixed(digits)}: ${count}</title></rect>`;
  });
  const end = (counts.length * step).toFixed(digits);
  return `<svg class="chart" viewBox="0 0 ${20 * counts.length} 130" role="img" aria-label="${label}">${bars.join('')}
<text x="0" y="120" font-size="12">0</text><text x="${10 * counts.length}" y="120" font-size="12" text-anchor="middle">${escapeText(label)}; highest bar ${most}</text><text x="${20 * counts.length}" y="120" font-size="12" text-anchor="end">${end}</text></svg>\n`;
}

function swatch(color: NucleusClass['color']): string {
  return `<span class="swatch" style="background: rgb(${color.join()})"></span>`;
}

function toBase64(parts: readonly Uint8Array[]): string {
  let text = '';
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 0x8000) text += String.fromCharCode(...part.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

// The report workflow: a folder of results as pages that people read.
import { readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { FileError } from '@hovernet/core';
import { endPage, escapeText, formatTable, startPage } from '@hovernet/export/internal';
import { findFormats, readNuclei, toSegmentedImage, writeFormats, type NucleiFile } from '@hovernet/export/node';
import { listFileNames } from '@hovernet/files/internal/node';
import { writeFileAtomic } from '@hovernet/files/node';
import type { EvaluationDocument } from '@hovernet/training/evaluation';
import type { WorkflowContext, WorkflowOutcome } from '../workflow-context.js';
import { openPicture } from './open-picture.js';

export interface ReportOptions {
  /** What inference or evaluation wrote. */
  readonly folder: string;
  /** Images by the names of results; undefined for outlines alone. */
  readonly imagesFolder?: string | undefined;
}

/** A result and its page. */
interface ReportedResult {
  readonly name: string;
  readonly page: string;
  readonly file: NucleiFile;
}

/**
 * Writes `NAME_report.html` for each `NAME.json` of the folder, and `report.html`.
 * @throws FileError where the folder holds neither results nor an evaluation.
 */
export async function runReport(
  { folder, imagesFolder }: ReportOptions,
  { signal }: WorkflowContext,
): Promise<WorkflowOutcome> {
  const images = imagesFolder === undefined ? [] : await listFileNames(imagesFolder);
  const results: ReportedResult[] = [];
  for (const fileName of (await listFileNames(folder)).filter((name) => name.endsWith('.json'))) {
    signal.throwIfAborted();
    const path = join(folder, fileName);
    if (!(await readFile(path, 'utf8')).startsWith('{"schema":"hovernet-nuclei')) continue;
    const name = parse(fileName).name;
    const picture = images.find((image) => parse(image).name === name && /\.(?:png|jpe?g|tiff?|npy)$/i.test(image));
    const file = await readNuclei(path);
    const page = await writePage(file, join(folder, name), picture && join(imagesFolder!, picture));
    results.push({ name, page, file });
  }
  const evaluation = await readEvaluation(join(folder, 'evaluation.json'));
  if (results.length === 0 && !evaluation)
    throw new FileError(folder, 'holds neither NAME.json of nuclei nor evaluation.json; give an output folder');
  const path = join(folder, 'report.html');
  await writeFileAtomic(path, formatIndex(results, evaluation));
  const pages = results.map(({ page }) => page);
  return { document: { report: path, pages }, summary: [...pages, path].join('\n') };
}

async function writePage(file: NucleiFile, base: string, imagePath: string | undefined): Promise<string> {
  const picture = imagePath === undefined ? undefined : await openPicture(imagePath);
  try {
    const origin = { name: parse(base).base, provenance: null };
    const target = { pathOf: ({ ending }: { ending: string }) => base + ending, origin };
    const { files } = await writeFormats(toSegmentedImage(file, picture), findFormats(['report']), target);
    return files['report']!;
  } finally {
    await picture?.close();
  }
}

async function readEvaluation(path: string): Promise<EvaluationDocument | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as EvaluationDocument;
  } catch (cause) {
    throw new FileError(path, 'no JSON, or truncated', { cause });
  }
}

function formatIndex(results: readonly ReportedResult[], evaluation: EvaluationDocument | undefined): string {
  const rows = results.map(({ name, page, file: { image, table } }) => {
    const areaMm2 = image.mpp === null ? null : (image.width * image.height * image.mpp ** 2) / 1e6;
    const link = `<a href="${escapeText(encodeURIComponent(parse(page).base))}">${escapeText(name)}</a>`;
    return [link, table.count, areaMm2 === null ? '–' : (table.count / areaMm2).toFixed(0)];
  });
  const list = rows.length === 0 ? '' : `<h2>Images</h2>\n${formatTable(['image', 'nuclei', 'per mm²'], rows)}`;
  const scores = evaluation ? `<h2>Scores</h2>\n${formatScores(evaluation)}` : '';
  return `${startPage('Report')}${list}${scores}${endPage}`;
}

/** Means over tiles, and F1 of detection, with their intervals. */
function formatScores({ images, mean, detection, interval_95 }: EvaluationDocument): string {
  const round = (value: unknown) => (typeof value === 'number' ? value.toFixed(4) : '–');
  const row = (label: string, value: unknown, interval: unknown) => [
    escapeText(label),
    round(value),
    ...[0, 1].map((end) => round(Array.isArray(interval) ? interval[end] : null)),
  ];
  const intervals = new Map(Object.entries(interval_95.mean));
  const rows = [
    ...Object.entries(mean).map(([name, value]) => row(name, value, intervals.get(name))),
    row('f1d', detection.f1d, interval_95.detection.f1d),
  ];
  return `<p>${images.length} labelled tiles</p>\n${formatTable(['score', 'mean', '95 % from', '95 % to'], rows)}`;
}

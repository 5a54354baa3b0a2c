// The files that a data set lists, as the folders and phases that are read here.
import { ConfigError } from '@hovernet/core';
import { basename, dirname, normalize } from 'node:path/posix';
import { readFiles } from '../python-forms.js';
import type { Leads, Part } from './target.js';

/** What prepared folders hold: files of patches, and of whole tiles. */
const prepared: readonly Readonly<Record<string, string>>[] = [
  { image: '*image.npy', label_inst: '*inst_map.npy', label_type: '*type_map.npy' },
  { image: 'image*.npy', label: 'label*.npy' },
];

/**
 * Folder and phase of the files of `data`, or for inference the images; nothing where it lists none.
 * @throws ConfigError for files that a preparation does not write, or of several folders.
 */
export function leadFiles(data: unknown, part: Part): Leads {
  const files = readFiles(data);
  if (files === undefined) return {};
  const patterns = Object.entries(files).map(([key, pattern]) => [key, normalize(pattern)] as const);
  if (part === '') return leadImages(patterns.map(([, pattern]) => pattern));
  const id = `${part}#dataset#data`;
  const folders = new Set(patterns.map(([, pattern]) => dirname(pattern)));
  const known = prepared.some((names) => patterns.every(([key, pattern]) => basename(pattern) === names[key]));
  if (!known || folders.size !== 1) {
    const shown = patterns.map(([, pattern]) => pattern).join(', ');
    const expected = prepared.map((names) => Object.values(names).join(', ')).join(' or ');
    throw new ConfigError(id, `expected ${expected} of one folder, as hovernet prepare writes them, got ${shown}`);
  }
  const [folder] = folders as unknown as [string];
  return { dataset_dir: dirname(folder), [`${part}#dataset#phase`]: basename(folder) };
}

/** A folder's images of the named kind; `dataset_dir` may itself be a file or a pattern. */
function leadImages(patterns: readonly string[]): Leads {
  const inputs = patterns.filter((pattern) => !/[*?[\]]|\.\w{3,4}$/.test(dirname(pattern)));
  return inputs.length === 0 ? {} : { 'infer#inputs': inputs };
}

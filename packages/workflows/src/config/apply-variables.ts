// The bundle's ids that stand for others: `epochs` for `train#trainer#max_epochs`, whether or not a file says `@epochs` there.
import { basename, join } from 'node:path/posix';
import { findById, setById } from './id-path.js';
import type { JsonObject, JsonValue } from './json.js';
import { commandLine, type Origins } from './origins.js';
import type { Leads } from './targets/target.js';

const variables: Readonly<Record<string, (value: JsonValue, document: JsonObject) => Leads>> = {
  epochs: (value) => ({ 'train#trainer#max_epochs': value }),
  batch_size: (value) => ({ 'train#dataloader#batch_size': value, 'validate#dataloader#batch_size': value }),
  val_interval: (value) => ({ 'validate#interval': value }),
  learning_rate: (value) => ({ 'optimizer#lr': value }),
  hovernet_mode: (value) => ({ 'network_def#mode': value }),
  amp: (value, { workflow = 'train' }) => ({
    'engine#precision': value !== true ? 'float32' : workflow === 'train' ? 'mixed' : 'float16',
  }),
  stage: (value, document) => ({ ckpt_dir: document[`ckpt_dir_stage${String(value)}`] }),
  ckpt_dir_stage0: (value, { stage = 0, ckpt_path_stage0: start }) => ({
    ckpt_path_stage0: typeof start === 'string' ? join(String(value), basename(start)) : undefined,
    ckpt_dir: stage === 0 ? value : undefined,
  }),
  ckpt_dir_stage1: (value, { stage }) => ({ ckpt_dir: stage === 1 ? value : undefined }),
};

/** Ids that only stand for others; what they stand for is what is kept. */
export const pureVariables = [
  'epochs',
  'batch_size',
  'val_interval',
  'learning_rate',
  'hovernet_mode',
  'amp',
  'device',
];

/** The id whose value `id` stands for; `id` where it stands for itself. */
export function meaningOf(id: string): string {
  if (id === 'device') return 'engine#provider';
  return pureVariables.includes(id) ? Object.keys(variables[id]!(true, {}))[0]! : id;
}

/**
 * A copy of `document`, which is resolved, in which each variable that was set after what it stands for has its way; `written` is the
 * same document unresolved, which tells what follows a variable by itself.
 */
export function applyVariables(document: JsonObject, written: JsonObject, origins: Origins): JsonObject {
  const applied = structuredClone(document);
  for (const [variable, findTargets] of Object.entries(variables)) {
    const value = document[variable] ?? (variable === 'stage' ? 0 : undefined);
    if (value === undefined) continue;
    const source = origins.of(variable);
    // In a file it is for GPUs, as in the bundle: see leadPrecision.
    if (variable === 'amp' && source !== commandLine) continue;
    for (const [target, meant] of Object.entries(findTargets(value, applied))) {
      if (meant === undefined) continue;
      const present = findById(written, target);
      if (present !== undefined && (isReference(present) || origins.of(target) >= source)) continue;
      setById(applied, target, meant);
      origins.note(target, source);
    }
  }
  return applied;
}

function isReference(value: JsonValue): boolean {
  return typeof value === 'string' && /^[@$%]/.test(value);
}

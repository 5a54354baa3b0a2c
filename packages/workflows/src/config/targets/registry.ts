// All targets by name, and the places of a document where they may stand.
import type { JsonObject } from '../json.js';
import { handlerTargets } from './handler-targets.js';
import { sectionTargets } from './section-targets.js';
import type { Part, Target, TargetKind } from './target.js';
import { transformTargets } from './transform-targets.js';

/** Every target. */
export const targets: readonly Target[] = [...sectionTargets, ...handlerTargets, ...transformTargets];

const byName = new Map(targets.map((target) => [target.name, target]));

/** The target of a short name or a dotted one, such as `Adam` or `torch.optim.Adam`. */
export function findTarget(name: string): Target | undefined {
  const parts = name.split('.');
  const target = byName.get(parts.at(-1)!);
  return parts.length === 1 || target?.library === parts[0] ? target : undefined;
}

export interface Place {
  readonly kind: TargetKind;
  readonly part: Part;
  /** Whether the section has a schema of its own, and the component's other arguments are its ids. */
  readonly section: boolean;
  /** Whether the component has no meaning here: images for inference come one after another from `dataset_dir`. */
  readonly ignored?: boolean;
}

const part = '(?:(train|validate)#)?';
const places: readonly [pattern: RegExp, kind: TargetKind, section: boolean][] = [
  [/^network_def$/, 'network', true],
  [/^loss$/, 'loss', true],
  [/^optimizer$/, 'optimizer', true],
  [/^lr_scheduler$/, 'scheduler', true],
  [/^(train|validate)#dataset$/, 'dataset', true],
  [/^(train|validate)#dataloader$/, 'dataloader', true],
  [/^(train)#sampler$/, 'sampler', true],
  [/^(train)#trainer$/, 'engine', true],
  [/^dataset$/, 'dataset', false],
  [/^dataloader$/, 'dataloader', false],
  [/^(validate)#sampler$/, 'sampler', false],
  [/^(?:(validate)#)?evaluator$/, 'engine', false],
  [new RegExp(`^${part}(?:pre|post)processing(?:_\\w+)?$`), 'transform', false],
  [new RegExp(`^${part}inferer$`), 'inferer', false],
  [new RegExp(`^${part}(?:(?:train|val|extra)_)?handlers$`), 'handler', false],
  [new RegExp(`^${part}(?:key_metric|additional_metrics)$`), 'metric', false],
];

/** What may stand at `id` by `_target_`; undefined for no component. */
export function findPlace(id: string): Place | undefined {
  for (const [pattern, kind, section] of places) {
    const match = pattern.exec(id);
    if (match)
      return { kind, section, part: (match[1] ?? '') as Part, ignored: ['dataset', 'dataloader'].includes(id) };
  }
  return undefined;
}

/** Ids at the top level that hold Python's objects and steps, which have no meaning here. */
export const ignoredIds = [
  'imports',
  'initialize',
  'run',
  'finalize',
  'network',
  'trt_args',
  'sub_keys',
  'data_list',
  'num_cpus',
  'training',
  'evaluating',
] as const;

/** Whether `key` of `section`, which stands at `id`, is left out without being looked at: see {@link Target.ignored}. */
export function isIgnored(section: JsonObject, key: string, id: string): boolean {
  if (id === '') {
    const value = section[key];
    const pythonDevice = key === 'device' && typeof value === 'string' && value.startsWith('$torch.');
    return pythonDevice || (ignoredIds as readonly string[]).includes(key);
  }
  const name = section['_target_'];
  if (typeof name !== 'string' || findTarget(name)?.ignored.includes(key) !== true) return false;
  // A function is Python's, a reference may lead to components.
  const value = section[key];
  return !(key === 'func' && typeof value === 'string' && /^\$?@[\w#:]+$/.test(value));
}

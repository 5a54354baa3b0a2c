// What `_target_` may name: components of MONAI and PyTorch that stand for something here. Nothing is ever executed.
import { z } from 'zod';
import type { JsonValue } from '../json.js';

/** What a component is, as messages say it. */
export type TargetKind =
  | 'network'
  | 'loss'
  | 'optimizer'
  | 'scheduler'
  | 'dataset'
  | 'dataloader'
  | 'sampler'
  | 'transform'
  | 'inferer'
  | 'handler'
  | 'metric'
  | 'engine';

/** Part of the document that a component stands in; empty for the top level. */
export type Part = 'train' | 'validate' | '';

/** Ids that a component's arguments set, with their values; what is undefined sets nothing. */
export type Leads = Readonly<Record<string, JsonValue | undefined>>;

/** What the arguments set, or what is wrong with them. */
export type LeadResult = { readonly leads: Leads } | { readonly issue: z.core.$ZodIssue };

export interface Target {
  readonly name: string;
  /** First part of its dotted names: `monai` for `monai.handlers.StatsHandler`. */
  readonly library: 'monai' | 'torch';
  readonly kind: TargetKind;
  /** Arguments that hand Python objects about; accepted and left out, with what they refer to. */
  readonly ignored: readonly string[];
  /** The arguments that are read here. In a section of our own, such as `optimizer`, others are that section's. */
  readonly args: z.ZodObject;
  /** Checks `args` and says what they set. */
  readonly lead: (args: Readonly<Record<string, unknown>>, part: Part) => LeadResult;
}

/** A component of a document. */
export interface FoundComponent {
  readonly id: string;
  readonly target: Target;
}

interface Definition<S extends z.ZodRawShape> {
  readonly library?: 'monai' | 'torch';
  readonly kind: TargetKind;
  /** @default [] */
  readonly ignored?: readonly string[];
  /** @default {} */
  readonly args?: S;
  /** @default nothing */
  readonly lead?: (args: z.output<z.ZodObject<S>>, part: Part) => Leads;
}

/** A target of the library `monai` unless told otherwise; all its arguments are optional. */
export function defineTarget<S extends z.ZodRawShape>(name: string, definition: Definition<S>): Target {
  const { library = 'monai', kind, ignored = [], lead = () => ({}) } = definition;
  const args = z.strictObject((definition.args ?? {}) as S);
  return {
    name,
    library,
    kind,
    ignored,
    args,
    lead(given, part) {
      const checked = args.safeParse(given, { reportInput: true });
      return checked.success ? { leads: lead(checked.data, part) } : { issue: checked.error.issues[0]! };
    },
  };
}

/** An argument that has one value here; `remedy` says where another one can be had. */
export function fixed(value: JsonValue, remedy = '') {
  const text = JSON.stringify(value);
  const more = remedy && `; ${remedy}`;
  return z
    .json()
    .refine((given) => JSON.stringify(given) === text, `expected ${text}, the only value here${more}`)
    .optional();
}

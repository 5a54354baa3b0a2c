// Translates names of tensors between two conventions by a table of templates.

/**
 * One row of a table. `{name}` stands for an integer, the same on both sides; `{name+1}` is one more on that side. A
 * final `*` stands for the rest of the name.
 */
export interface NameRule {
  /** A name of our state dict, which is MONAI's. */
  readonly ours: string;
  readonly theirs: string;
}

/** Both directions of a table; null for a name that no row has. The first row that fits counts. */
export interface NameMap {
  toOurs(name: string): string | null;
  toTheirs(name: string): string | null;
}

interface Template {
  parse(name: string): Values | null;
  format(values: Values): string;
}

/** What the placeholders stand for. */
type Values = ReadonlyMap<string, string | number>;

export function createNameMap(rules: readonly NameRule[]): NameMap {
  const compiled = rules.map(({ ours, theirs }) => ({ ours: compile(ours), theirs: compile(theirs) }));
  return {
    toOurs: (name) =>
      translate(
        name,
        compiled.map(({ ours, theirs }) => [theirs, ours] as const),
      ),
    toTheirs: (name) =>
      translate(
        name,
        compiled.map(({ ours, theirs }) => [ours, theirs] as const),
      ),
  };
}

function translate(name: string, pairs: readonly (readonly [from: Template, to: Template])[]): string | null {
  for (const [from, to] of pairs) {
    const values = from.parse(name);
    if (values) return to.format(values);
  }
  return null;
}

function compile(template: string): Template {
  const parts = template.split(/(\{\w+(?:\+1)?\}|\*$)/);
  const slots = parts.map(parseSlot);
  const sources = parts.map((part, index) => {
    const slot = slots[index];
    if (!slot) return part.replace(/[.+]/g, '\\$&');
    // At most four digits: no network has more units, and numbers stay exact.
    return slot.key === '*' ? '(.+)' : '(0|[1-9]\\d{0,3})';
  });
  const pattern = new RegExp(`^${sources.join('')}$`);
  const used = slots.filter((slot) => slot !== null);
  return {
    parse: (name) => readValues(pattern.exec(name), used),
    format: (values) => parts.map((part, index) => formatPart(part, slots[index] ?? null, values)).join(''),
  };
}

interface Slot {
  readonly key: string;
  readonly offset: number;
}

function parseSlot(part: string): Slot | null {
  if (part === '*') return { key: '*', offset: 0 };
  const [, key, offset] = /^\{(\w+)(\+1)?\}$/.exec(part) ?? [];
  return key === undefined ? null : { key, offset: offset === undefined ? 0 : 1 };
}

function readValues(match: RegExpExecArray | null, slots: readonly Slot[]): Values | null {
  if (!match) return null;
  const values = new Map<string, string | number>();
  for (const [index, { key, offset }] of slots.entries()) {
    const text = match[index + 1]!;
    const value = key === '*' ? text : Number(text) - offset;
    if (typeof value === 'number' && value < 0) return null;
    values.set(key, value);
  }
  return values;
}

function formatPart(part: string, slot: Slot | null, values: Values): string {
  if (!slot) return part;
  const value = values.get(slot.key)!;
  return typeof value === 'number' ? String(value + slot.offset) : value;
}

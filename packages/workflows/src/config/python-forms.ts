// Python that bundles hold and that has a known meaning here, or none. It is recognised by its form and never run.
import { isJsonObject, type JsonObject, type JsonValue } from './json.js';

/** `@id`, also deep in the document. */
const id = String.raw`@#*\w+(?:(?:#|::)\w+)*`;
const text = String.raw`(?:'[^']*'|"[^"]*")`;
const list = String.raw`\[(?:\s*${text}\s*,?)*\s*\]`;
const names = String.raw`[A-Za-z_]\w*(?:\.\w+)*`;

/** Whole expressions that say what is always so here, or hand Python's objects about. */
const meaningless = [
  String.raw`import ${names}(?: as \w+)?`,
  String.raw`from ${names} import \w+(?: as \w+)?(?:, \w+(?: as \w+)?)*`,
  // Objects and their methods.
  id,
  String.raw`${id}\.(?:to\(${id}\)|run\(\)|parameters\(\))`,
  String.raw`filter\(lambda (\w+): \1\.requires_grad, ${id}\.parameters\(\)\)`,
  String.raw`torch\.device\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)`,
  String.raw`monai\.data\.\w*Reader`,
  // What the libraries are told.
  String.raw`setattr\(torch\.backends\.cudnn, ${text}, (?:True|False)\)`,
  String.raw`(?:monai\.utils\.)?set_determinism\(seed=\d+\)`,
  String.raw`torch\.cuda\.set_device\(${id}\)`,
  String.raw`(?:dist\.is_initialized\(\) or )?dist\.init_process_group\((?:backend=)?${text}\)`,
  String.raw`(?:dist\.is_initialized\(\) and )?dist\.destroy_process_group\(\)`,
  // The first process alone writes and reports.
  String.raw`${id}\[: ?-\d+ if dist\.get_rank\(\) > 0 else None\]`,
  String.raw`None if dist\.get_rank\(\) > 0 else ${id}`,
  String.raw`trt_compile\(${id}(?:\.to\(${id}\))?, (?:${id}|${text})(?: \+ ${text})?(?:, args=${id})?\)`,
  // What steps are given.
  String.raw`lambda (\w+): (?:skimage\.)?(?:measure\.)?label\(\1\)`,
  String.raw`lambda (\w+): (?:\1(?: > 0)?|None|\1\.convert\(${text}\)|\[(\w+)\[${text}\]\.meta for \2 in \1\])`,
  String.raw`(?:${names}\.)?from_engine\((?:keys=)?${list}(?:, first=(?:True|False))?\)`,
  String.raw`(?:${names}\.)?from_engine_hovernet\(keys=${list}, nested_key=${text}\)`,
  String.raw`(?:${names}\.)?PrepareBatchHoVerNet\(extra_keys=${list}\)`,
  String.raw`(?:np|numpy|torch)\.(?:u?int(?:8|16|32|64)?|float(?:16|32|64)?|long|bool)`,
  // Room around an image, which follows from the sizes.
  String.raw`\(\(${id} - ${id}\) // 2,\) \* 4`,
].map((form) => new RegExp(`^${form}$`));

/** Whether `expression`, without its `$`, is Python that means nothing here. */
export function isMeaningless(expression: string): boolean {
  return meaningless.some((form) => form.test(expression.trim()));
}

/** Whether `expression` lists files as {@link evaluateFiles} reads them. */
export function listsFiles(expression: string): boolean {
  return [globForm, oneForm, zipForm].some((form) => form.test(expression.trim()));
}

const filesKey = '_files_';

/** What stands in a resolved document for files. */
export function toFiles(files: Readonly<Record<string, string>>): JsonObject {
  return { [filesKey]: { ...files } };
}

/** The patterns that {@link toFiles} was given; undefined for any other value. */
export function readFiles(value: unknown): Readonly<Record<string, string>> | undefined {
  const files = isJsonObject(value) ? value[filesKey] : undefined;
  return isJsonObject(files) ? (files as Record<string, string>) : undefined;
}

const globForm = /^(?:(?:list|sorted)\()*glob\.glob\((.*)\)$/s;
const oneForm = /^\[\s*\{\s*(?:'(\w+)'|"(\w+)"):\s*(\w+)\s*\}\s*for (\w+) in (.*)\]$/s;
const zipForm = /^\[\s*\{((?:\s*(?:'\w+'|"\w+"):\s*\w+\s*,?)+)\}\s*for ([\w, ]+) in zip\((.*)\)\s*\]$/s;

/**
 * The files that `expression` lists: `glob.glob(…)`, sorted or not, and lists of sections made of them, as bundles write their data;
 * undefined for anything else. `evaluate` gives the value of an expression in it.
 */
export function evaluateFiles(expression: string, evaluate: (part: string) => JsonValue): JsonObject | undefined {
  const source = expression.trim();
  const pattern = globForm.exec(source)?.[1];
  if (pattern !== undefined) return toFiles({ '': String(evaluate(stripBrackets(source, pattern))) });
  const [, single, double, used, variable, from] = oneForm.exec(source) ?? [];
  if (from !== undefined) return used === variable ? rename([single ?? double!], [from], evaluate) : undefined;
  const [, keys, variables, sources] = zipForm.exec(source) ?? [];
  if (keys === undefined) return undefined;
  const order = variables!.split(',').map((name) => name.trim());
  const pairs = [...keys.matchAll(/['"](\w+)['"]:\s*(\w+)/g)].map(([, key, name]) => [key!, name!] as const);
  const parts = sources!.split(',').map((part) => part.trim());
  if (parts.length !== order.length || pairs.some(([, name]) => !order.includes(name))) return undefined;
  return rename(
    pairs.map(([key]) => key),
    pairs.map(([, name]) => parts[order.indexOf(name)]!),
    evaluate,
  );
}

/** `glob.glob(x)` without the brackets of `list(sorted(` that the pattern has taken in. */
function stripBrackets(source: string, pattern: string): string {
  const outer =
    source.indexOf('glob.glob(') === 0 ? 0 : source.slice(0, source.indexOf('glob.glob(')).split('(').length - 1;
  return outer === 0 ? pattern : pattern.slice(0, pattern.length - outer);
}

function rename(
  keys: readonly string[],
  parts: readonly string[],
  evaluate: (part: string) => JsonValue,
): JsonObject | undefined {
  const patterns = parts.map((part) => readFiles(evaluate(part))?.['']);
  if (patterns.some((pattern) => pattern === undefined)) return undefined;
  return toFiles(Object.fromEntries(keys.map((key, at) => [key, patterns[at]!])));
}

/** Execution providers that `trt_compile` stands for, best first. */
export const compiledProviders = ['tensorrt', 'cuda', 'dml', 'coreml', 'webgpu'];

/** Ids that Python at the top level sets: the seed, and the engine of a network that TensorRT compiles. */
export function leadPython(document: JsonObject): { readonly from: string; readonly leads: JsonObject }[] {
  const steps = ['initialize', 'training', 'evaluating', 'run'].map(
    (key) => [key, JSON.stringify(document[key] ?? null)] as const,
  );
  const seeds = steps.flatMap(([from, step]) => {
    const seed = /set_determinism\(seed=(\d+)\)/.exec(step)?.[1];
    return seed === undefined ? [] : [{ from, leads: { seed: Number(seed) } }];
  });
  const compiled = typeof document['network'] === 'string' && document['network'].startsWith('$trt_compile(');
  const engine = { 'engine#provider': compiledProviders, 'engine#precision': 'float16' };
  return [...seeds.slice(0, 1), ...(compiled ? [{ from: 'network', leads: engine }] : [])];
}

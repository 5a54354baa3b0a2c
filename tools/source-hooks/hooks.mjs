// Hooks of Node's module loader for tests: packages resolve to their sources, TypeScript loses its types.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const sourceCondition = '@hovernet/source';

/** Vite brings the compiler that also compiles the tests. */
const fromVite = createRequire(createRequire(import.meta.url).resolve('vite'));
let transform;

export function resolve(specifier, context, nextResolve) {
  const conditions = [...context.conditions, sourceCondition];
  return nextResolve(toSource(specifier, context.parentURL), { ...context, conditions });
}

/** Sources import each other by the names of what they are compiled to. */
function toSource(specifier, parent) {
  if (!/^(?:\.{1,2}\/|file:).*\.js$/.test(specifier)) return specifier;
  const source = new URL(specifier.replace(/\.js$/, '.ts'), parent);
  return existsSync(source) && !existsSync(new URL(specifier, parent)) ? source.href : specifier;
}

export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context);
  transform ??= (await import(fromVite.resolve('rolldown/utils'))).transformSync;
  const path = fileURLToPath(url);
  const { code, errors } = transform(path, readFileSync(path, 'utf8'), { sourcemap: false });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  return { format: 'module', source: code, shortCircuit: true };
}

// `node --import …/report-loads.mjs` prints the address of every module that it loads.
import { register } from 'node:module';

const hook = `
import { writeSync } from 'node:fs';
export function load(url, context, nextLoad) {
  writeSync(1, url + '\\n');
  return nextLoad(url, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

#!/usr/bin/env node
// Starts the built command line; says what to do where it was not built.
import { existsSync } from 'node:fs';

const entry = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(entry)) {
  const { main } = await import(entry.href);
  await main();
} else {
  process.stderr.write('hovernet is not built yet: run "npm run build" in the root of the repository first.\n');
  process.exitCode = 1;
}

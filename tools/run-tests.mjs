// Runs the tests of every package through Nx and closes with one line: N passed, N failed, N skipped.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
const args = ['run-many', '-t', 'test', '--parallel=1', '--output-style=static', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, [nx, ...args], { cwd: root, stdio: 'inherit' });

const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of readdirSync(join(root, 'packages'))) {
  const report = readReport(join(root, 'packages', name, 'out', 'test-results.json'));
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests + report.numFailedTestSuites;
  total.skipped += report.numPendingTests + report.numTodoTests;
}
if (status !== 0 && total.failed === 0) total.failed = 1;
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exit(total.failed === 0 ? 0 : 1);

/** Vitest's JSON report; a package without one counts as one failure, so that nothing is lost silently. */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    process.stderr.write(`no test report at ${path}\n`);
    return { numPassedTests: 0, numFailedTests: 1, numFailedTestSuites: 0, numPendingTests: 0, numTodoTests: 0 };
  }
}

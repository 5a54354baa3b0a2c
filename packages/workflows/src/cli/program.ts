// The commands of `hovernet`.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { CommandIo } from './command-io.js';
import { addBenchCommand } from './commands/bench.js';
import { addConfigCommand } from './commands/config.js';
import { addConvertCommand } from './commands/convert.js';
import { addDiffCommand } from './commands/diff.js';
import { addDoctorCommand } from './commands/doctor.js';
import { addEvaluateCommand } from './commands/evaluate.js';
import { addExportCommand } from './commands/export.js';
import { addInferCommand } from './commands/infer.js';
import { addInspectCommand } from './commands/inspect.js';
import { addPostprocessCommand } from './commands/postprocess.js';
import { addPrepareCommand } from './commands/prepare.js';
import { addPreviewCommand } from './commands/preview.js';
import { addReportCommand } from './commands/report.js';
import { addRunCommand } from './commands/run.js';
import { addScoreCommand } from './commands/score.js';
import { addSlideCommand } from './commands/slide.js';
import { addTrainCommand } from './commands/train.js';
import type { CommandHost } from './command-host.js';
import { runCommand } from './run-command.js';

/** A program whose actions write to `io` and hand their exit code to `onExit`; nothing is loaded before an action runs. */
export function createProgram(io: CommandIo, onExit: (exitCode: number) => void): Command {
  const program = new Command('hovernet')
    .description('Find and classify every nucleus in H&E images: prepare, train, evaluate, infer.')
    .version(readVersion(), '--version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: () => undefined,
    });
  const host: CommandHost = {
    add: (name) =>
      program
        .command(name)
        .option('--json', 'print the result as one JSON document')
        .option('--verbose', 'print more, with stack traces of errors'),
    run: async (flags, work) => onExit(await runCommand(io, flags, work)),
  };
  const commands = [
    addPrepareCommand,
    addPreviewCommand,
    addTrainCommand,
    addEvaluateCommand,
    addInferCommand,
    addRunCommand,
    addConfigCommand,
    addScoreCommand,
    addPostprocessCommand,
    addConvertCommand,
    addDiffCommand,
    addReportCommand,
    addInspectCommand,
    addSlideCommand,
    addExportCommand,
    addBenchCommand,
    addDoctorCommand,
  ];
  for (const addCommand of commands) addCommand(host);
  return program;
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

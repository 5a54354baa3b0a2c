import { workspacePath } from '@hovernet/testing';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';

interface Command {
  readonly command: string;
  readonly forwardAllArgs?: boolean;
}

interface Manifest {
  readonly nx: {
    readonly targets: Readonly<
      Record<
        string,
        {
          readonly configurations: Readonly<
            Record<string, Partial<Command> & { readonly commands?: readonly Command[] }>
          >;
        }
      >
    >;
  };
}

const { nx } = JSON.parse(readFileSync(workspacePath('packages/workflows/package.json'), 'utf8')) as Manifest;
const io = { stdout: process.stdout, stderr: process.stderr, signal: new AbortController().signal };
const names = createProgram(io, () => undefined).commands.map((command) => command.name());

it('are the four commands of the bundle', () => {
  expect(Object.keys(nx.targets)).toEqual(['prepare', 'train', 'evaluate', 'infer']);
  for (const name of Object.keys(nx.targets)) expect(names).toContain(name);
});

it.each(Object.entries(nx.targets))(
  '%s passes its arguments on to its own command alone',
  (name, { configurations }) => {
    for (const { command, commands = [], ...options } of Object.values(configurations)) {
      const all = [...(command === undefined ? [] : [{ command, ...options }]), ...commands];
      const forwarding = all.filter(({ forwardAllArgs = true }) => forwardAllArgs);
      expect(forwarding).toHaveLength(1);
      expect(forwarding[0]!.command).toMatch(new RegExp(`^node packages/workflows/bin/hovernet\\.js ${name}\\b`));
    }
  },
);

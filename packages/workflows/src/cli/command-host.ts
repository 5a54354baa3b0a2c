// What a command's file needs of the program it adds itself to.
import type { Command } from 'commander';
import type { CommonFlags } from './command-io.js';
import type { CommandWork } from './run-command.js';

export interface CommandHost {
  /** A new command with the common options. */
  add(name: string): Command;
  /** Runs the command's work and prints its outcome. */
  run(flags: CommonFlags, work: CommandWork): Promise<void>;
}

// `hovernet doctor`: what this machine has and lacks.
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';

export function addDoctorCommand(host: CommandHost): void {
  host
    .add('doctor')
    .description('list the engines and providers that this machine can run, and why others cannot')
    .action((flags: CommonFlags) =>
      host.run(flags, async () => (await import('../../doctor/run-doctor.js')).runDoctor()),
    );
}

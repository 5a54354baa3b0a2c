// `hovernet inspect`: what is in a file.
import type { CommandHost } from '../command-host.js';
import type { CommonFlags } from '../command-io.js';

export function addInspectCommand(host: CommandHost): void {
  host
    .add('inspect')
    .description('list the arrays of a file: names, types, shapes, ranges, sums')
    .argument('<file>', '.mat, .npy, .npz, .png or .safetensors')
    .action((file: string, flags: CommonFlags) =>
      host.run(flags, async () => {
        const { listFileArrays } = await import('../../inspect/list-file-arrays.js');
        const { formatTable } = await import('../../report/format-table.js');
        const content = await listFileArrays(file);
        const rows = content.arrays.map(({ name, dtype, shape, min, max, sum }) => {
          return [name, dtype, `[${shape.join(', ')}]`, min, max, sum];
        });
        return { document: content, summary: formatTable(['name', 'dtype', 'shape', 'min', 'max', 'sum'], rows) };
      }),
    );
}

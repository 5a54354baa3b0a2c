import { runReadmeExample } from '@hovernet/testing';
import { expect, it } from 'vitest';

it('shows an example that runs and gives the shapes it names', async () => {
  const { readme, values } = await runReadmeExample('transforms');
  const { shapes } = values['batch'] as { shapes: Record<string, number[]> };
  expect(shapes).toEqual({
    image: [1, 3, 256, 256],
    np: [1, 2, 164, 164],
    hv: [1, 2, 164, 164],
    nc: [1, 5, 164, 164],
  });
  for (const [name, shape] of Object.entries(shapes)) {
    expect(readme.replaceAll('\n', ' ')).toContain(`\`${name}\` [${shape.join(', ')}]`);
  }
});

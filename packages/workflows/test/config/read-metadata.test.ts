import { readFileSync } from 'node:fs';
import { outputSize, resolveConfig } from '@hovernet/model';
import { loadTaxonomy } from '@hovernet/data';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/config/json.js';
import { loadConfiguration } from '../../src/config/load-configuration.js';
import { packagedFile } from '../../src/config/load-document.js';
import { readMetadata } from '../../src/config/read-metadata.js';
import { hashConfiguration, saveConfiguration } from '../../src/config/save-configuration.js';
import { createTemporaryFiles } from './temporary-files.js';

const { folder, write } = createTemporaryFiles();

interface Tensors {
  readonly [name: string]: {
    readonly num_channels: number;
    readonly spatial_shape: readonly number[];
    readonly channel_def: Readonly<Record<string, string>>;
  };
}

it('describes what goes into and comes out of the network of the packaged configuration', async () => {
  const { inputs, outputs } = (await readMetadata('configs/metadata.json'))['network_data_format'] as unknown as Record<
    'inputs' | 'outputs',
    Tensors
  >;
  const config = await loadConfiguration({ files: [packagedFile('inference')] });
  const network = resolveConfig(config.network.architecture);
  const { classes } = await loadTaxonomy(config.taxonomy);
  expect(inputs!['image']).toMatchObject({ num_channels: 3, spatial_shape: [config.patchSizePx, config.patchSizePx] });
  const channels = Object.entries(outputs!).map(([name, { num_channels }]) => [name, num_channels]);
  expect(channels).toEqual([
    ['nucleus_prediction', 2],
    ['horizontal_vertical', 2],
    ['type_prediction', network.outClasses],
  ]);
  const side = outputSize(network, config.patchSizePx);
  for (const { spatial_shape, num_channels, channel_def } of Object.values(outputs!)) {
    expect(spatial_shape).toEqual([side, side]);
    expect(Object.keys(channel_def)).toHaveLength(num_channels);
  }
  const names = Object.values(outputs!['type_prediction']!.channel_def);
  expect(names).toEqual(['background', ...classes.map(({ name }) => name)]);
});

it('is saved with results, can be referred to, and does not change the hash', async () => {
  const metadataFile = 'configs/metadata.json';
  const files = [packagedFile('inference')];
  const plain = await loadConfiguration({ files });
  const config = await loadConfiguration({ files, metadataFile });
  expect(hashConfiguration(config)).toBe(hashConfiguration(plain));
  const { path } = await saveConfiguration(config, folder, 'infer');
  const saved = JSON.parse(readFileSync(path, 'utf8')) as JsonObject;
  expect(saved['_meta_']).toEqual(await readMetadata(metadataFile));
  const overrides = [['output_dir', '@_meta_#version']] as const;
  expect((await loadConfiguration({ files, metadataFile, overrides })).outputDir).toBe('0.1.0');
  expect((await loadConfiguration({ files: [path] })).document['_meta_']).toEqual(saved['_meta_']);
});

it.each<[string, (metadata: Record<string, unknown>) => void, string]>([
  ['no version', (metadata) => delete metadata['version'], 'version: expected text, got nothing'],
  [
    'a strange version',
    (metadata) => (metadata['version'] = 'new'),
    'version: expected a version such as 0.1.0, got "new"',
  ],
  [
    'no inputs',
    (metadata) => (metadata['network_data_format'] = { outputs: {} }),
    'network_data_format#inputs: expected',
  ],
  [
    'channels that are no number',
    (metadata) => (metadata['network_data_format'] = { inputs: { image: { num_channels: 'x' } }, outputs: {} }),
    'network_data_format#inputs#image#',
  ],
])('is refused with %s', async (_, change, message) => {
  const metadata = structuredClone(await readMetadata('configs/metadata.json'));
  change(metadata);
  await expect(readMetadata(write('metadata.json', metadata))).rejects.toThrow(message);
});

// Names of the authors' PyTorch repository, beside MONAI's: the same tensors, another order of the branches.
import { createNameMap, type NameMap, type NameRule } from './name-map.js';

/** Our name of each branch and theirs, in their order. */
export const originalBranches = [
  ['type_prediction', 'tp'],
  ['nucleus_prediction', 'np'],
  ['horizontal_vertical', 'hv'],
] as const;

/** A constant `[2, 2]` of ones that their files hold beside the weights. */
export const originalConstant = 'upsample2x.unpool_mat';

const encoderRules: readonly NameRule[] = [
  { ours: 'conv0.conv.*', theirs: 'conv0./.*' },
  { ours: 'conv0.bn.*', theirs: 'conv0.bn.*' },
  { ours: 'res_blocks.d{stage}.layers.denselayer_{unit}.layers.*', theirs: 'd{stage}.units.{unit}.*' },
  { ours: 'res_blocks.d{stage}.shortcut.*', theirs: 'd{stage}.shortcut.*' },
  { ours: 'res_blocks.d{stage}.bna_block.*', theirs: 'd{stage}.blk_bna.*' },
  { ours: 'bottleneck.conv_bottleneck.*', theirs: 'conv_bot.*' },
];

/** Both directions, for networks of any width and depth. */
export const originalNames: NameMap = createNameMap([...encoderRules, ...originalBranches.flatMap(listBranchRules)]);

function listBranchRules([ours, theirs]: readonly [string, string]): NameRule[] {
  const blocks = [
    { ours: `${ours}.decoder_blocks.decoderblock1`, theirs: `decoder.${theirs}.u3` },
    { ours: `${ours}.decoder_blocks.decoderblock2`, theirs: `decoder.${theirs}.u2` },
  ];
  return [
    ...blocks.flatMap(listBlockRules),
    { ours: `${ours}.output_features.decoderblock3.conva.*`, theirs: `decoder.${theirs}.u1.conva.*` },
    { ours: `${ours}.output_features.decoderblock4.*`, theirs: `decoder.${theirs}.u0.*` },
  ];
}

function listBlockRules(block: NameRule): NameRule[] {
  const rows = [
    ['conva.*', 'conva.*'],
    ['denselayerdecoder{unit+1}.layers.conv1/norm.*', 'dense.units.{unit}.conv1/bn.*'],
    ['denselayerdecoder{unit+1}.layers.*', 'dense.units.{unit}.*'],
    ['bna_block.*', 'dense.blk_bna.*'],
    ['convf.*', 'convf.*'],
  ] as const;
  return rows.map(([ours, theirs]) => ({ ours: `${block.ours}.${ours}`, theirs: `${block.theirs}.${theirs}` }));
}

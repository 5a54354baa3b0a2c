// The two published post-processings differ in four small rules; everything else is shared.

/** `monai`: MONAI's bundle. `original`: the authors' repository. */
export type Rules = 'monai' | 'original';

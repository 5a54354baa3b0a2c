// What a file that is no HoVer-Net probably holds, told by the names of its tensors.

const knownNetworks: readonly (readonly [RegExp, string])[] = [
  [/^features\.denseblock\d/, 'a DenseNet'],
  [/^features\.\d+\.\d+\.block\./, 'an EfficientNet or a ConvNeXt'],
  [/^features\.\d+\.conv\./, 'a MobileNet'],
  [/^features\.\d+\.(weight|bias)$/, 'a VGG or an AlexNet'],
  [/^(cls_token|class_token|pos_embed|patch_embed\.|conv_proj\.)/, 'a vision transformer'],
  [/^Conv2d_1a_3x3\./, 'an Inception network'],
  [/^backbone\.(body\.)?layer1\./, 'a detection or segmentation network on a ResNet'],
  [/^encoder\.layer1\.0\./, 'a segmentation network on a ResNet'],
  [/^model\.\d+\.(conv|submodule)\./, "a U-Net of MONAI's"],
];

/** For example `a DenseNet`; null for a network that is not recognised. */
export function nameForeignNetwork(names: Iterable<string>): string | null {
  for (const name of names) {
    const known = knownNetworks.find(([pattern]) => pattern.test(name));
    if (known) return known[1];
  }
  return null;
}

// The part of both pipelines that is the same in every epoch, so that datasets can cache it.
import { assertRgbImage, assertSameSize, type LabelledImage } from '@hovernet/core';
import { relabelInstances } from './relabel-instances.js';

/**
 * Gives every connected piece of a nucleus its own id (mirrored patches repeat ids); image and classes are passed on
 * uncopied. Preparing twice changes nothing.
 *
 * @throws ShapeError unless the image is RGB, the label map int32, and all three of one size.
 */
export function prepareSample(sample: LabelledImage): LabelledImage {
  assertRgbImage('prepareSample: image', sample.image);
  assertSameSize('prepareSample: instanceMap', sample.image, sample.instanceMap);
  assertSameSize('prepareSample: typeMap', sample.image, sample.typeMap);
  return { ...sample, instanceMap: relabelInstances(sample.instanceMap) };
}

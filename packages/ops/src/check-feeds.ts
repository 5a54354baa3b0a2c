// What every engine checks of the arrays that it is given.
import { ArgumentError, ShapeError } from '@hovernet/core';
import type { HostData, TensorSpec } from './program.js';

/**
 * Every input has an array of its element type and size, and there is no other.
 * @throws ArgumentError for a missing or unknown name, ShapeError for an array that does not fit; `operation` opens the message.
 */
export function assertFeeds(
  operation: string,
  inputs: readonly TensorSpec[],
  feeds: Readonly<Record<string, HostData>>,
): void {
  assertKnownNames(operation, inputs, Object.keys(feeds));
  for (const spec of inputs) {
    const data = feeds[spec.name];
    if (!data) throw new ArgumentError(`${operation}: expected input ${spec.name}, got none`);
    assertElements(operation, spec, data);
  }
}

/** Every constant is an input and has its element type and size; as {@link assertFeeds}, but for inputs that are left out. */
export function assertConstants(
  operation: string,
  inputs: readonly TensorSpec[],
  constants: ReadonlyMap<string, HostData>,
): void {
  assertKnownNames(`${operation}: constants`, inputs, constants.keys());
  for (const spec of inputs) {
    const data = constants.get(spec.name);
    if (data) assertElements(operation, spec, data);
  }
}

function assertKnownNames(operation: string, inputs: readonly TensorSpec[], names: Iterable<string>): void {
  const known = inputs.map((spec) => spec.name);
  for (const name of names) {
    if (!known.includes(name))
      throw new ArgumentError(`${operation}: expected inputs ${known.join(', ')}, got ${name}`);
  }
}

function assertElements(operation: string, spec: TensorSpec, data: HostData): void {
  const size = spec.shape.reduce((product, length) => product * length, 1);
  const dtype = data instanceof Int32Array ? 'int32' : 'float32';
  if (data.length === size && dtype === spec.dtype) return;
  throw new ShapeError(`${operation}: ${spec.name}`, `${size} elements of ${spec.dtype}`, `${data.length} of ${dtype}`);
}

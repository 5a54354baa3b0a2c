// Which pixels belong to a nucleus.
import { assertLabelMap, createTypeMap, toContiguous, type LabelMap, type TypeMap } from '@hovernet/core';

/**
 * `[height, width]` uint8: 1 where the id is positive, else 0.
 *
 * @throws ShapeError unless `instanceMap` is int32 of rank 2.
 */
export function extractForeground(instanceMap: LabelMap): TypeMap {
  assertLabelMap('extractForeground', instanceMap);
  const ids = toContiguous(instanceMap);
  const foreground = new Uint8Array(ids.length);
  for (let i = 0; i < ids.length; i++) foreground[i] = ids[i]! > 0 ? 1 : 0;
  return createTypeMap(instanceMap.shape[0]!, instanceMap.shape[1]!, foreground);
}

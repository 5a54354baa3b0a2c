// ONNX's codes of element types, as tensors and Cast's `to` have them.
import type { ElementType } from './graph.js';

export const ELEMENT_TYPE_CODES: Readonly<Record<ElementType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

/** The element type with this code; undefined for one that graphs here do not use. */
export function elementTypeOf(code: number): ElementType | undefined {
  return (Object.keys(ELEMENT_TYPE_CODES) as ElementType[]).find((type) => ELEMENT_TYPE_CODES[type] === code);
}

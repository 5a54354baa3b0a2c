// TensorFlow's GraphDef as the JSON that TensorFlow.js loads, as far as the network needs it; 64-bit integers are texts.

/** Element types of the nodes' values. */
export type GraphDtype = 'DT_FLOAT' | 'DT_INT32';

export interface GraphShape {
  /** −1 where any size will do. */
  readonly dim: readonly { readonly size: string }[];
}

export type GraphAttribute =
  | { readonly type: GraphDtype }
  | { readonly b: boolean }
  | { readonly i: string }
  | { readonly f: number }
  /** In base64. */
  | { readonly s: string }
  | { readonly list: { readonly i: readonly string[] } }
  | { readonly shape: GraphShape }
  | { readonly tensor: { readonly dtype: GraphDtype; readonly tensorShape: GraphShape } };

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Outputs of other nodes: `NAME` for the first, `NAME:INDEX` for others. */
  readonly input?: readonly string[];
  readonly attr: Readonly<Record<string, GraphAttribute>>;
}

/** What goes into the graph, or comes out, under a name of its own. */
export interface GraphEndpoint {
  /** Output of a node. */
  readonly name: string;
  readonly dtype: GraphDtype;
  readonly tensorShape: GraphShape;
}

export interface GraphSignature {
  readonly inputs: Readonly<Record<string, GraphEndpoint>>;
  readonly outputs: Readonly<Record<string, GraphEndpoint>>;
}

export interface GraphDef {
  readonly node: readonly GraphNode[];
  /** Versions of the GraphDef format: which wrote it, and the oldest that reads it. */
  readonly versions: { readonly producer: number; readonly minConsumer: number };
}

export const float: GraphAttribute = { type: 'DT_FLOAT' };
export const int32: GraphAttribute = { type: 'DT_INT32' };

export function integer(value: number): GraphAttribute {
  return { i: String(value) };
}

export function integers(values: readonly number[]): GraphAttribute {
  return { list: { i: values.map(String) } };
}

/** Of ASCII only. */
export function text(value: string): GraphAttribute {
  return { s: btoa(value) };
}

export function graphShape(sizes: readonly number[]): GraphShape {
  return { dim: sizes.map((size) => ({ size: String(size) })) };
}

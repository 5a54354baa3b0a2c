// Where in the traced function something happened: the innermost stack frame outside TensorFlow.js and the tracer.

/** Frames kept while a function is traced: TensorFlow.js puts about twenty between the caller and a kernel. */
export const TRACED_STACK_FRAMES = 100;

/** Frames of TensorFlow.js, of this package and of the runtime itself. */
const FOREIGN = /@tensorflow|tfjs|[/\\]onnx[/\\](?:src|dist)[/\\]|\bnode:|<anonymous>|\bnative\b/;

/** `file:line:column` of the innermost call that belongs to the traced function, if the stack shows one. */
export function findCallSite(stack: string | undefined): string | undefined {
  const frames = (stack ?? '').split('\n').filter((line) => /:\d+:\d+\)?$/.test(line));
  const own = frames.find((line) => !FOREIGN.test(line));
  // Engines write `at f (place)`, `at place` or `f@place`.
  return own
    ?.trim()
    .replace(/^at /, '')
    .replace(/^.*[(@](?=[^(@]*$)/, '')
    .replace(/\)$/, '')
    .replace(/^async /, '');
}

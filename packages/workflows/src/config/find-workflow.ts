// Which workflow a document of MONAI's starts, which names none.
import type { JsonObject, JsonValue } from './json.js';

const byEngine: readonly (readonly [pattern: RegExp, workflow: string])[] = [
  [/@train(?:#|::)trainer\b/, 'train'],
  [/@validate(?:#|::)evaluator\b/, 'evaluate'],
  [/@evaluator\b/, 'infer'],
];

/** `document` with the `workflow` that its `run` starts, where it says none itself: that of the engine that `run` names. */
export function completeWorkflow(document: JsonObject): JsonObject {
  if ('workflow' in document) return document;
  const steps = JSON.stringify(document['run'] ?? null);
  const workflow: JsonValue | undefined = byEngine.find(([pattern]) => pattern.test(steps))?.[1];
  return workflow === undefined ? document : { ...document, workflow };
}

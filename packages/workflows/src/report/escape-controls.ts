// Names of files, tensors and variables are whatever their author chose: sequences that steer a terminal too.

/** Control characters, and those that reverse the direction of text. */
const controls = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const controlsInLines = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069](?<![\n\t])/gu;

/** `text` on one line, with control characters as JSON would write them: `\u001b`. */
export function escapeControls(text: string): string {
  return text.replace(controls, escape);
}

/** As {@link escapeControls}, for text that has lines and tabs of its own. */
export function escapeControlsInLines(text: string): string {
  return text.replace(controlsInLines, escape);
}

function escape(character: string): string {
  const known: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return known[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

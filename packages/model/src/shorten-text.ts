// Texts of files in messages.

/** The longest name of a tensor of ours has 111 characters; with both shapes it stays below this. */
const maximumLength = 240;

/** `text` as messages show it: whole, unless a file makes it absurdly long. */
export function shortenText(text: string): string {
  return text.length > maximumLength ? `${text.slice(0, maximumLength)}…` : text;
}

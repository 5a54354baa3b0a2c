// Links between documents lead to files and headings that exist, and the tests that documents name are there.
import { workspacePath } from '@hovernet/testing';
import { existsSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listPages, readPage } from './pages.js';

describe.each(listPages())('%s', (page) => {
  it('links to what exists', () => {
    expect(findBrokenLinks(readPage(page), page)).toEqual([]);
  });

  it('names tests that exist', () => {
    expect(findMissingTests(readPage(page))).toEqual([]);
  });
});

describe('findBrokenLinks', () => {
  it('finds files and headings that are not there', () => {
    const text = '[a](README.md) [b](nowhere.md) [c](parity.md#14) [d](parity.md#none) [e](https://example.org/x)';
    expect(findBrokenLinks(text, 'docs/page.md')).toEqual(['nowhere.md', 'parity.md#none']);
  });

  it('finds tests that are not there', () => {
    expect(findMissingTests('`core/test/views.test.ts`<br>`core/test/nowhere.test.ts`')).toEqual([
      'core/test/nowhere.test.ts',
    ]);
  });

  it('knows anchors as GitHub makes them', () => {
    const text = '# A `b` c: d, e\n\n## Same\n\n## Same\n\n<a id="12"></a>\n\n```sh\n# no heading\n```\n';
    expect([...listAnchors(text)]).toEqual(['a-b-c-d-e', 'same', 'same-1', '12']);
  });
});

/** Paths of tests, from `packages/` on, that are not there. */
function findMissingTests(text: string): string[] {
  const paths = [...text.matchAll(/`([a-z-]+\/test\/[\w./-]+\.test\.ts)`/g)].map(([, path]) => path!);
  return paths.filter((path) => !existsSync(workspacePath('packages', path)));
}

/** Links in the text of `page` to files or anchors that are not there; addresses of the web are not looked at. */
function findBrokenLinks(text: string, page: string): string[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target!);
  return targets.filter((target) => !/^https?:/.test(target) && !leadsSomewhere(target, page));
}

function leadsSomewhere(target: string, page: string): boolean {
  const [path, anchor] = target.split('#') as [string, string | undefined];
  const linked = path === '' ? page : posix.join(dirname(page), path);
  if (!existsSync(workspacePath(linked))) return false;
  return anchor === undefined || listAnchors(readPage(linked)).has(anchor);
}

function listAnchors(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading, id] of withoutCode(text).matchAll(/^#+ (.+)$|<a id="([^"]+)">/gm)) {
    const slug = id ?? slugOf(heading!);
    let unique = slug;
    for (let count = 1; anchors.has(unique); count++) unique = `${slug}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/** Lower case, spaces to hyphens, without punctuation; of links their text. */
function slugOf(heading: string): string {
  const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  return plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '');
}

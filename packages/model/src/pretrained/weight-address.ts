// Addresses of weight files: what to ask for, what may be shown, and what tells one file from another.
import { ArgumentError } from '@hovernet/core';

/** A parsed http or https address. */
export interface WeightAddress {
  /** What is asked for: without user name, password and fragment. */
  readonly url: string;
  /** Header for the user name and password that the address had. */
  readonly authorization: string | undefined;
  /** For messages: without user name, password and query, which may be secret. */
  readonly shown: string;
  /** The same for every address of this file: without user name, password and what signs or expires. */
  readonly identity: string;
}

/** Names of query parameters that say who asks, not for what: those of AWS, Google Cloud, Azure, GitLab and the like. */
const secretParameter = /^x-(amz|goog)-|token|signature|secret|password|credential|api[-_]?key|^(sig|auth|expires)$/i;

/**
 * Parses `address`, relative to `base` where there is one. `operation` names the caller in errors.
 * @throws ArgumentError unless it is an http or https address.
 */
export function parseAddress(operation: string, address: string | URL, base?: string): WeightAddress {
  const url = parse(address, base);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ArgumentError(`${operation}: expected an http or https address, got ${describe(url, address)}`);
  }
  const { username, password } = url;
  url.username = url.password = url.hash = '';
  const identity = new URL(url);
  for (const name of [...url.searchParams.keys()]) {
    if (secretParameter.test(name)) identity.searchParams.delete(name);
  }
  return {
    url: url.href,
    authorization: username || password ? `Basic ${encodeCredentials(username, password)}` : undefined,
    shown: url.origin + url.pathname,
    identity: identity.href,
  };
}

function parse(address: string | URL, base: string | undefined): URL | undefined {
  try {
    return new URL(address, base);
  } catch {
    // The error of URL quotes the whole address.
    return undefined;
  }
}

function describe(url: URL | undefined, address: string | URL): string {
  if (url !== undefined && url.protocol !== 'file:') return `one of ${url.protocol}`;
  const text = String(address);
  const shown = text.includes('@') ? 'a text that is none' : JSON.stringify(text.split('?')[0]);
  return `${shown}; for files on a disk use @hovernet/model/node`;
}

function encodeCredentials(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return btoa(String.fromCharCode(...bytes));
}

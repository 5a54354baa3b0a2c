import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Box } from '@hovernet/core';
import { workspacePath } from '@hovernet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSlide } from '../src/node.js';

const path = workspacePath('samples/slides/CMU-1-Small-Region.svs');
const content = readFileSync(path);
let sent = 0;

describe('a slide on a server', () => {
  let server: Server;
  let address: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
      if (request.url === '/nowhere.svs') return void response.writeHead(404).end();
      if (request.url === '/whole.svs' || !range) return void response.writeHead(200).end(content);
      const [start, end] = [Number(range[1]), Math.min(content.length, Number(range[2]) + 1)];
      const part = content.subarray(start, end);
      sent += part.length;
      response.writeHead(206, { 'content-range': `bytes ${start}-${end - 1}/${content.length}` }).end(part);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('is read by range requests, a small part of it', async () => {
    const [remote, local] = [await openSlide(`${address}/slide.svs`), await openSlide(path)];
    const box: Box = [700, 900, 1000, 1100];
    expect((await remote.readRegion(0, box)).data).toEqual((await local.readRegion(0, box)).data);
    expect(sent).toBeLessThan(0.2 * content.length);
    await remote.close();
    await local.close();
  });

  it('is taken as a whole where the server knows no ranges', async () => {
    const slide = await openSlide(new URL(`${address}/whole.svs`));
    expect((await slide.readRegion(0, [0, 0, 10, 10])).shape).toEqual([10, 10, 3]);
    await slide.close();
  });

  it('is named where it is missing', async () => {
    await expect(openSlide(`${address}/nowhere.svs`)).rejects.toThrow(
      '/nowhere.svs: the server answered 404 Not Found',
    );
  });
});

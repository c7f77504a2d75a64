import { afterEach, describe, expect, it } from 'vitest';
import { identityStyle, imageStyle } from '../index.js';
import { type Ask, type ThingApp, type ThingAppOptions, thingApp } from '../spec-support/thing-app.js';

let running: ThingApp | undefined;

async function serve(options: ThingAppOptions): Promise<Ask> {
  running = await thingApp(options);
  return running.ask;
}

afterEach(async () => {
  await running?.app.close();
  running = undefined;
});

describe('the other styles', () => {
  it('identity tells code, message and title', async () => {
    const ask = await serve({ style: identityStyle() });
    expect((await ask('GET', '/things/1')).body).toEqual({
      error: { code: 404, message: 'Thing could not be found.', title: 'Not Found' },
    });
  });

  it('image shows a page', async () => {
    const ask = await serve({ style: imageStyle() });
    const answer = await ask('GET', '/things/1');
    expect(answer.headers['content-type']).toBe('text/html; charset=UTF-8');
    expect(answer.body).toBe(
      '<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  Thing could not be found.<br /><br />\n\n\n\n </body>\n</html>',
    );
  });
});

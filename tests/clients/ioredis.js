// ioredis against a server whose port is the first argument. Ends with status 0 when everything was as expected.
const assert = require('node:assert/strict');
const Redis = require('ioredis');

async function main(port) {
  const redis = new Redis({ port, connectionName: 'ioredis-test', maxRetriesPerRequest: 1 });
  assert.equal(await redis.ping(), 'PONG');
  assert.equal(await redis.client('GETNAME'), 'ioredis-test');

  assert.equal(await redis.set('a', 'value', 'EX', 1000), 'OK');
  assert.equal(await redis.get('a'), 'value');
  assert.ok(await redis.ttl('a') > 900);
  assert.equal(await redis.set('a', 'other', 'NX'), null);
  const binary = Buffer.from([0, 255, 13, 10, 36]);
  await redis.set('binary', binary);
  assert.deepEqual(await redis.getBuffer('binary'), binary);
  assert.equal(await redis.incrby('counter', 41), 41);
  await redis.mset('b', '1', 'c', '2');
  assert.deepEqual(await redis.mget('b', 'c', 'nothing'), ['1', '2', null]);
  await assert.rejects(redis.call('incr', 'a'), /not an integer/);

  const pipeline = redis.pipeline();
  for (let index = 0; index < 1000; index++) pipeline.incr('piped');
  const replies = await pipeline.exec();
  assert.deepEqual(replies[999], [null, 1000]);

  assert.deepEqual(await redis.multi().set('m', '1').incr('m').exec(), [[null, 'OK'], [null, 2]]);
  const watcher = redis.duplicate();
  await watcher.watch('m');
  await redis.set('m', '9');
  assert.equal(await watcher.multi().get('m').exec(), null);
  watcher.disconnect();

  const keys = new Set();
  for await (const batch of redis.scanStream({ match: '*', count: 2 })) batch.forEach(key => keys.add(key));
  assert.deepEqual([...keys].sort(), ['a', 'b', 'binary', 'c', 'counter', 'm', 'piped']);

  for (const number of [1, 2, 3]) assert.equal(await redis.xadd('log', `1-${number}`, 'number', number), `1-${number}`);
  const entries = [1, 2, 3].map(number => [`1-${number}`, ['number', `${number}`]]);
  assert.deepEqual(await redis.xrange('log', '-', '+'), entries);
  assert.equal(await redis.xgroup('CREATE', 'log', 'workers', '0'), 'OK');
  assert.deepEqual(await redis.xreadgroup('GROUP', 'workers', 'w', 'COUNT', 2, 'STREAMS', 'log', '>'), [['log', entries.slice(0, 2)]]);
  assert.equal(await redis.xack('log', 'workers', '1-1'), 1);
  assert.deepEqual(await redis.xautoclaim('log', 'workers', 'v', 0, '-'), ['0-0', entries.slice(1, 2), []]);
  const reader = redis.duplicate();
  const next = reader.xread('BLOCK', 0, 'STREAMS', 'log', '1-3');
  await redis.xadd('log', '2-1', 'number', 4);
  assert.deepEqual(await next, [['log', [['2-1', ['number', '4']]]]]);
  reader.disconnect();
  await redis.del('log');

  const subscriber = redis.duplicate();
  const messages = [];
  const all = new Promise(resolve => {
    subscriber.on('message', (channel, message) => { messages.push([channel, message]); if (messages.length === 2) resolve(); });
    subscriber.on('pmessage', (pattern, channel, message) => { messages.push([pattern, channel, message]); if (messages.length === 2) resolve(); });
  });
  await subscriber.subscribe('news');
  await subscriber.psubscribe('n*');
  assert.equal(await redis.publish('news', 'hello'), 2);
  await all;
  assert.deepEqual(messages, [['news', 'hello'], ['n*', 'news', 'hello']]);
  await subscriber.quit();

  assert.match(await redis.info('server'), /redis_version:7\.2\.6/);
  await redis.quit();
}

main(Number(process.argv[2])).then(() => console.log('ok'), error => { console.error(error); process.exit(1); });

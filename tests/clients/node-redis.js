// node-redis against a server whose port is the first argument; it speaks RESP3 where the second argument is 3.
const assert = require('node:assert/strict');
const { createClient } = require('redis');

async function main(port, protocol) {
  const client = createClient({ socket: { port, host: '127.0.0.1', reconnectStrategy: false }, RESP: protocol, name: 'node-redis-test' });
  await client.connect();
  assert.equal(await client.ping(), 'PONG');
  assert.equal(await client.clientGetName(), 'node-redis-test');

  assert.equal(await client.set('a', 'value', { EX: 1000 }), 'OK');
  assert.equal(await client.get('a'), 'value');
  assert.ok(await client.ttl('a') > 900);
  assert.equal(await client.set('a', 'other', { NX: true }), null);
  assert.equal(await client.incrByFloat('float', 0.1), '0.1');
  assert.equal(await client.incrBy('counter', 41), 41);
  await client.mSet({ b: '1', c: '2' });
  assert.deepEqual(await client.mGet(['b', 'c', 'nothing']), ['1', '2', null]);
  await assert.rejects(client.incr('a'), /not an integer/);

  const many = await Promise.all(Array.from({ length: 1000 }, () => client.incr('piped')));
  assert.equal(many[999], 1000);

  assert.deepEqual(await client.multi().set('m', '1').incr('m').exec(), ['OK', 2]);

  const keys = [];
  for await (const batch of client.scanIterator({ MATCH: '*', COUNT: 2 })) keys.push(...batch);
  assert.deepEqual([...new Set(keys)].sort(), ['a', 'b', 'c', 'counter', 'float', 'm', 'piped']);

  for (const number of [1, 2, 3]) assert.equal(await client.xAdd('log', `1-${number}`, { number: `${number}` }), `1-${number}`);
  const entries = [1, 2, 3].map(number => ({ id: `1-${number}`, message: { number: `${number}` } }));
  const plain = messages => messages.map(({ id, message }) => ({ id, message: { ...message } }));
  assert.deepEqual(plain(await client.xRange('log', '-', '+')), entries);
  assert.equal(await client.xGroupCreate('log', 'workers', '0'), 'OK');
  assert.ok(JSON.stringify(await client.xReadGroup('workers', 'w', [{ key: 'log', id: '>' }], { COUNT: 2 })).includes('"1-2"'));
  assert.equal(await client.xAck('log', 'workers', '1-1'), 1);
  assert.equal((await client.xPending('log', 'workers')).pending, 1);
  assert.equal((await client.xInfoStream('log'))['entries-added'], 3);
  assert.equal((await client.xInfoGroups('log'))[0].lag, 1);
  const reader = client.duplicate();
  await reader.connect();
  const next = reader.xRead([{ key: 'log', id: '1-3' }], { BLOCK: 0 });
  await client.xAdd('log', '2-1', { number: '4' });
  assert.ok(JSON.stringify(await next).includes('"2-1"'));
  await reader.close();
  await client.del('log');

  const subscriber = client.duplicate();
  await subscriber.connect();
  const message = new Promise(resolve => subscriber.subscribe('news', (text, channel) => resolve([text, channel])).then(() => client.publish('news', 'hello')));
  assert.deepEqual(await message, ['hello', 'news']);
  await subscriber.unsubscribe('news');
  await subscriber.close();

  assert.match(await client.info('server'), /redis_version:7\.2\.6/);
  assert.deepEqual({ ...await client.configGet('maxmemory') }, { maxmemory: '0' });
  await client.close();
}

main(Number(process.argv[2]), Number(process.argv[3])).then(() => console.log('ok'), error => { console.error(error); process.exit(1); });

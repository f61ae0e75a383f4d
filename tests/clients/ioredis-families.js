// What users of ioredis do with each family of commands, on the server whose port is the first argument.
const assert = require('node:assert/strict');
const Redis = require('ioredis');
const { run, until, report } = require('./scenarios');

const port = Number(process.argv[2]);
const connect = () => new Redis({ port, maxRetriesPerRequest: 1 });

const blockedClients = async redis => Number(/blocked_clients:(\d+)/.exec(await redis.info('clients'))[1]);

/** Everything that a scanStream of the client yields, in one list. */
async function collect(stream) {
  const all = [];
  for await (const batch of stream) all.push(...batch);
  return all;
}

/** The pairs of a flat list: HSCAN and ZSCAN put the value behind its field. */
const pairs = flat => Object.fromEntries(Array.from({ length: flat.length / 2 }, (_, index) => [flat[2 * index], flat[2 * index + 1]]));

const numbered = (prefix, count) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

const scenarios = {
  async 'a queue of jobs in lists'(redis) {
    assert.equal(await redis.rpush('jobs', 'one', 'two', 'three'), 3);
    assert.equal(await redis.lmove('jobs', 'running', 'LEFT', 'RIGHT'), 'one');
    assert.equal(await redis.rpoplpush('jobs', 'running'), 'three');
    assert.deepEqual(await redis.lrange('running', 0, -1), ['three', 'one']);
    assert.equal(await redis.lrem('running', 1, 'one'), 1);
    assert.deepEqual(await redis.lpop('jobs', 5), ['two']);
    assert.equal(await redis.lpop('jobs'), null);
    assert.equal(await redis.lpushx('jobs', 'never'), 0);

    await redis.rpush('log', ...numbered('line:', 1000));
    await redis.ltrim('log', -100, -1);
    assert.equal(await redis.llen('log'), 100);
    assert.equal(await redis.lindex('log', 0), 'line:900');
    assert.equal(await redis.linsert('log', 'BEFORE', 'line:950', 'between'), 101);
    assert.equal(await redis.lpos('log', 'between'), 50);
    await redis.lset('log', -1, 'last');
    assert.equal(await redis.rpop('log'), 'last');
    assert.deepEqual(await redis.lmpop(2, 'nothing', 'log', 'RIGHT', 'COUNT', 2), ['log', ['line:998', 'line:997']]);
    await assert.rejects(redis.lset('nothing', 0, 'x'), /no such key/);
    await assert.rejects(redis.get('log'), /WRONGTYPE/);
  },

  async 'workers that wait for jobs'(redis) {
    const workers = [connect(), connect(), connect()];
    const waiting = [];
    for (const worker of workers) {
      waiting.push(worker.blpop('urgent', 'jobs', 20));
      await until(async () => await blockedClients(redis) === waiting.length, 'a worker to block');
    }

    await redis.rpush('jobs', 'a', 'b');
    await redis.rpush('urgent', 'c');
    assert.deepEqual(await Promise.all(waiting), [['jobs', 'a'], ['jobs', 'b'], ['urgent', 'c']]);

    const moved = workers[0].blmove('from', 'to', 'RIGHT', 'LEFT', 20);
    const taken = workers[1].blmpop(20, 1, 'to', 'LEFT');
    await until(async () => await blockedClients(redis) === 2, 'two workers to block');
    await redis.lpush('from', 'through');
    assert.equal(await moved, 'through');
    assert.deepEqual(await taken, ['to', ['through']]);

    assert.equal(await workers[0].brpop('nothing', 0.05), null);
    const id = await workers[2].client('ID');
    const unblocked = workers[2].brpop('nothing', 20);
    await until(async () => await blockedClients(redis) === 1, 'the worker to block');
    assert.equal(await redis.client('UNBLOCK', id), 1);
    assert.equal(await unblocked, null);
    workers.forEach(worker => worker.disconnect());
  },

  async 'records in hashes'(redis) {
    assert.equal(await redis.hset('user:1', { name: 'Ada', born: 1815 }), 2);
    assert.equal(await redis.hset('user:1', 'name', 'Ada Lovelace', 'visits', '0'), 1);
    assert.deepEqual(await redis.hgetall('user:1'), { name: 'Ada Lovelace', born: '1815', visits: '0' });
    assert.deepEqual(await redis.hmget('user:1', 'born', 'nothing'), ['1815', null]);
    assert.equal(await redis.hincrby('user:1', 'visits', 3), 3);
    assert.equal(await redis.hincrbyfloat('user:1', 'visits', '0.1'), '3.1');
    assert.equal(await redis.hsetnx('user:1', 'name', 'x'), 0);
    assert.equal(await redis.hstrlen('user:1', 'name'), 12);
    assert.equal(await redis.hexists('user:1', 'born'), 1);
    assert.equal(await redis.hdel('user:1', 'born', 'nothing'), 1);
    assert.deepEqual((await redis.hkeys('user:1')).sort(), ['name', 'visits']);
    assert.deepEqual((await redis.hvals('user:1')).sort(), ['3.1', 'Ada Lovelace']);
    assert.deepEqual(await redis.hgetall('nothing'), {});
    await assert.rejects(redis.hincrby('user:1', 'name', 1), /hash value is not an integer/);

    await redis.hset('big', Object.fromEntries(numbered('field:', 1000).map((field, index) => [field, index])));
    const scanned = pairs(await collect(redis.hscanStream('big', { count: 50 })));
    assert.deepEqual(scanned, await redis.hgetall('big'));
    assert.equal(Object.keys(pairs(await collect(redis.hscanStream('big', { match: 'field:99*' })))).length, 11);
    const random = await redis.hrandfield('big', -20, 'WITHVALUES');
    assert.equal(random.flat().length, 40);
    for (const [field, value] of Object.entries(pairs(random.flat()))) assert.equal(scanned[field], value);
  },

  async 'tags in sets'(redis) {
    assert.equal(await redis.sadd('tags:a', 'red', 'green', 'blue', 'red'), 3);
    await redis.sadd('tags:b', ['green', 'blue', 'black']);
    assert.deepEqual((await redis.sinter('tags:a', 'tags:b')).sort(), ['blue', 'green']);
    assert.deepEqual((await redis.sunion('tags:a', 'tags:b')).sort(), ['black', 'blue', 'green', 'red']);
    assert.deepEqual(await redis.sdiff('tags:a', 'tags:b'), ['red']);
    assert.equal(await redis.sintercard(2, 'tags:a', 'tags:b', 'LIMIT', 1), 1);
    assert.equal(await redis.sunionstore('all', 'tags:a', 'tags:b'), 4);
    assert.deepEqual(await redis.smismember('all', 'red', 'white'), [1, 0]);
    assert.equal(await redis.smove('tags:a', 'tags:b', 'red'), 1);
    assert.equal(await redis.sismember('tags:b', 'red'), 1);
    assert.equal(await redis.srem('tags:b', 'red', 'white'), 1);
    assert.equal((await redis.spop('all', 3)).length, 3);
    assert.equal(await redis.scard('all'), 1);

    const members = numbered('member:', 1000);
    await redis.sadd('big', members);
    assert.deepEqual([...new Set(await collect(redis.sscanStream('big', { count: 50 })))].sort(), [...members].sort());
    assert.equal(new Set(await redis.srandmember('big', 10)).size, 10);
    await redis.sadd('numbers', numbered('', 100));
    assert.equal(await redis.object('ENCODING', 'numbers'), 'intset');
    assert.deepEqual(await redis.smembers('numbers'), numbered('', 100));
  },

  async 'a ranking in a sorted set'(redis) {
    assert.equal(await redis.zadd('board', 10, 'ann', 20, 'bob', 30, 'cid'), 3);
    assert.equal(await redis.zadd('board', 'GT', 'CH', 5, 'ann', 25, 'bob'), 1);
    assert.equal(await redis.zincrby('board', 0.5, 'ann'), '10.5');
    assert.equal(await redis.zscore('board', 'bob'), '25');
    assert.deepEqual(await redis.zmscore('board', 'ann', 'nobody'), ['10.5', null]);
    assert.equal(await redis.zrank('board', 'cid'), 2);
    assert.equal(await redis.zrevrank('board', 'cid'), 0);
    assert.deepEqual(await redis.zrevrange('board', 0, 1, 'WITHSCORES'), ['cid', '30', 'bob', '25']);
    assert.deepEqual(await redis.zpopmin('board'), ['ann', '10.5']);
    await redis.zadd('board', '+inf', 'top', '-inf', 'bottom');
    assert.deepEqual(await redis.zrange('board', 0, -1, 'WITHSCORES'), ['bottom', '-inf', 'bob', '25', 'cid', '30', 'top', 'inf']);

    // Pages of a long ranking: by rank, by score, by name.
    const pipeline = redis.pipeline();
    const members = Array.from({ length: 1000 }, (_, index) => `player:${String(index).padStart(3, '0')}`);
    members.forEach((member, index) => pipeline.zadd('long', index % 100, member));
    assert.ok((await pipeline.exec()).every(([error, added]) => error === null && added === 1));
    const byRank = [];
    for (let start = 0; start < 1000; start += 64) byRank.push(...await redis.zrange('long', start, start + 63));
    const expected = [...members].sort((one, other) => one.slice(-2) - other.slice(-2) || (one < other ? -1 : 1));
    assert.deepEqual(byRank, expected);
    const byScore = [];
    for (let offset = 0; ; offset += 64) {
      const page = await redis.zrange('long', 90, '(100', 'BYSCORE', 'LIMIT', offset, 64);
      byScore.push(...page);
      if (page.length < 64) break;
    }
    assert.deepEqual(byScore, expected.slice(900));
    assert.deepEqual(await redis.zrevrangebyscore('long', '(2', '-inf', 'LIMIT', 0, 2), ['player:901', 'player:801']);
    assert.equal(await redis.zcount('long', '(10', 20), 100);
    assert.equal(await redis.zremrangebyrank('long', 0, 499), 500);
    assert.equal(await redis.zremrangebyscore('long', '-inf', '(60'), 100);
    assert.equal(await redis.zcard('long'), 400);
    assert.equal(Object.keys(pairs(await collect(redis.zscanStream('long', { count: 50 })))).length, 400);

    await redis.zadd('names', 0, 'alice', 0, 'bob', 0, 'bert', 0, 'carl');
    assert.deepEqual(await redis.zrangebylex('names', '[b', '(c'), ['bert', 'bob']);
    assert.equal(await redis.zlexcount('names', '-', '+'), 4);
    await redis.zadd('w1', 1, 'a', 2, 'b');
    await redis.zadd('w2', 10, 'b', 20, 'c');
    assert.equal(await redis.zunionstore('union', 2, 'w1', 'w2', 'WEIGHTS', 2, 1, 'AGGREGATE', 'MAX'), 3);
    assert.deepEqual(await redis.zrange('union', 0, -1, 'WITHSCORES'), ['a', '2', 'b', '10', 'c', '20']);
    assert.deepEqual(await redis.zinter(2, 'w1', 'w2', 'WITHSCORES'), ['b', '12']);
    assert.equal(await redis.zrangestore('best', 'union', 1, 2), 2);
    await assert.rejects(redis.zadd('w1', 'x', 'a'), /not a valid float/);
  },

  async 'jobs by priority'(redis) {
    const worker = connect();
    const first = worker.bzpopmin('queue', 20);
    await until(async () => await blockedClients(redis) === 1, 'the worker to block');
    await redis.zadd('queue', 2, 'later', 1, 'sooner');
    assert.deepEqual(await first, ['queue', 'sooner', '1']);
    assert.deepEqual(await worker.bzpopmax('nothing', 'queue', 1), ['queue', 'later', '2']);
    const many = worker.bzmpop(20, 1, 'queue', 'MAX', 'COUNT', 2);
    await until(async () => await blockedClients(redis) === 1, 'the worker to block');
    await redis.multi().zadd('queue', 1, 'a').zadd('queue', 2, 'b', 3, 'c').exec();
    assert.deepEqual((await many).flat(2), ['queue', 'c', '3', 'b', '2']);
    assert.equal(await worker.bzpopmin('nothing', 0.05), null);
    worker.disconnect();
  },

  async 'places on a map'(redis) {
    assert.equal(await redis.geoadd('cities', 13.361389, 38.115556, 'Palermo', 15.087269, 37.502669, 'Catania'), 2);
    assert.equal(await redis.geoadd('cities', 'NX', 12.758489, 38.788135, 'edge1', 17.241510, 38.788135, 'edge2'), 2);
    assert.equal(await redis.geodist('cities', 'Palermo', 'Catania', 'km'), '166.2742');
    assert.deepEqual(await redis.geohash('cities', 'Palermo', 'nowhere'), ['sqc8b49rny0', null]);
    const [[longitude, latitude]] = await redis.geopos('cities', 'Palermo');
    assert.equal(Number(longitude).toFixed(5), '13.36139');
    assert.equal(Number(latitude).toFixed(5), '38.11556');
    assert.deepEqual(
      await redis.geosearch('cities', 'FROMLONLAT', 15, 37, 'BYBOX', 400, 400, 'km', 'ASC', 'WITHDIST'),
      [['Catania', '56.4413'], ['Palermo', '190.4424'], ['edge2', '279.7403'], ['edge1', '279.7405']]);
    assert.deepEqual(await redis.georadius('cities', 15, 37, 200, 'km', 'DESC', 'COUNT', 1), ['Palermo']);
    assert.deepEqual(await redis.georadiusbymember('cities', 'Palermo', 100, 'km', 'ASC'), ['Palermo', 'edge1']);
    assert.equal(await redis.geosearchstore('near', 'cities', 'FROMMEMBER', 'Catania', 'BYRADIUS', 200, 'km', 'STOREDIST'), 2);
    assert.ok(Math.abs(await redis.zscore('near', 'Palermo') - 166.2742) < 0.001);
  },

  async 'a log in a stream'(redis) {
    assert.equal(await redis.xadd('log', '1-1', 'level', 'info', 'text', 'started'), '1-1');
    assert.equal(await redis.xadd('log', '1-*', 'level', 'warn', 'text', 'slow'), '1-2');
    assert.match(await redis.xadd('log', '*', 'level', 'info', 'text', 'ended'), /^\d{13,}-0$/);
    assert.deepEqual(await redis.xrange('log', '-', '1'), [['1-1', ['level', 'info', 'text', 'started']], ['1-2', ['level', 'warn', 'text', 'slow']]]);
    assert.deepEqual((await redis.xrevrange('log', '+', '-', 'COUNT', 1))[0][1], ['level', 'info', 'text', 'ended']);
    assert.deepEqual(await redis.xrange('log', '(1-1', '1-2'), [['1-2', ['level', 'warn', 'text', 'slow']]]);
    assert.equal(await redis.xdel('log', '1-1'), 1);
    assert.equal(await redis.xlen('log'), 2);
    await assert.rejects(redis.xadd('log', '1-1', 'a', 'b'), /equal or smaller/);

    const reader = connect();
    const next = reader.xread('BLOCK', 20_000, 'STREAMS', 'log', 'other', '$', '0');
    await until(async () => await blockedClients(redis) === 1, 'the reader to block');
    await redis.xadd('other', '5-0', 'hello', 'reader');
    assert.deepEqual(await next, [['other', [['5-0', ['hello', 'reader']]]]]);
    assert.equal(await reader.xread('BLOCK', 50, 'STREAMS', 'other', '$'), null);
    reader.disconnect();

    const pipeline = redis.pipeline();
    for (let index = 1; index <= 1000; index++) pipeline.xadd('long', `${index}-0`, 'index', index);
    await pipeline.exec();
    assert.equal(await redis.xtrim('long', 'MAXLEN', 10), 990);
    const pages = [];
    for (let from = '-'; ;) {
      const page = await redis.xrange('long', from, '+', 'COUNT', 4);
      if (page.length === 0) break;
      pages.push(...page.map(([id]) => id));
      from = `(${page.at(-1)[0]}`;
    }
    assert.deepEqual(pages, Array.from({ length: 10 }, (_, index) => `${991 + index}-0`));
  },

  async 'consumers that share a stream'(redis) {
    assert.equal(await redis.xgroup('CREATE', 'orders', 'shop', '$', 'MKSTREAM'), 'OK');
    await assert.rejects(redis.xgroup('CREATE', 'orders', 'shop', '$'), /BUSYGROUP/);
    const [ann, bob] = [connect(), connect()];
    const waiting = ann.xreadgroup('GROUP', 'shop', 'ann', 'COUNT', 1, 'BLOCK', 20_000, 'STREAMS', 'orders', '>');
    await until(async () => await blockedClients(redis) === 1, 'the consumer to block');
    for (let index = 1; index <= 5; index++) await redis.xadd('orders', `${index}-0`, 'order', index);
    assert.deepEqual(await waiting, [['orders', [['1-0', ['order', '1']]]]]);
    assert.deepEqual((await bob.xreadgroup('GROUP', 'shop', 'bob', 'COUNT', 2, 'STREAMS', 'orders', '>'))[0][1].map(([id]) => id), ['2-0', '3-0']);
    assert.equal(await bob.xack('orders', 'shop', '2-0', '9-9'), 1);
    assert.deepEqual(await redis.xpending('orders', 'shop'), [2, '1-0', '3-0', [['ann', '1'], ['bob', '1']]]);
    const [[id, owner, idleMs, deliveries]] = await redis.xpending('orders', 'shop', '-', '+', 10, 'bob');
    assert.deepEqual([id, owner, deliveries], ['3-0', 'bob', 1]);
    assert.ok(idleMs >= 0 && idleMs < 20_000);

    assert.deepEqual(await ann.xclaim('orders', 'shop', 'ann', 0, '3-0'), [['3-0', ['order', '3']]]);
    await redis.xdel('orders', '1-0');
    assert.deepEqual(await bob.xautoclaim('orders', 'shop', 'bob', 0, '0', 'COUNT', 10), ['0-0', [['3-0', ['order', '3']]], ['1-0']]);
    assert.deepEqual(await bob.xreadgroup('GROUP', 'shop', 'bob', 'STREAMS', 'orders', '0'), [['orders', [['3-0', ['order', '3']]]]]);

    const [group] = (await redis.xinfo('GROUPS', 'orders')).map(pairs);
    assert.deepEqual([group.name, group.consumers, group.pending, group['last-delivered-id']], ['shop', 2, 1, '3-0']);
    const stream = pairs(await redis.xinfo('STREAM', 'orders'));
    assert.deepEqual([stream.length, stream['last-generated-id'], stream['max-deleted-entry-id'], stream['entries-added']], [4, '5-0', '1-0', 5]);
    assert.deepEqual((await redis.xinfo('CONSUMERS', 'orders', 'shop')).map(pairs).map(consumer => [consumer.name, consumer.pending]), [['ann', 0], ['bob', 1]]);
    assert.equal(await redis.xgroup('DELCONSUMER', 'orders', 'shop', 'bob'), 1);
    assert.equal(await redis.xgroup('DESTROY', 'orders', 'shop'), 1);
    await assert.rejects(ann.xreadgroup('GROUP', 'shop', 'ann', 'STREAMS', 'orders', '>'), /NOGROUP/);
    ann.disconnect();
    bob.disconnect();
  },

  async 'visitors counted by HyperLogLogs'(redis) {
    assert.equal(await redis.pfadd('monday', 'ann', 'bob', 'ann'), 1);
    assert.equal(await redis.pfadd('monday', 'bob'), 0);
    assert.equal(await redis.pfcount('monday'), 2);
    await redis.pfadd('tuesday', ...numbered('visitor:', 10_000));
    const tuesday = await redis.pfcount('tuesday');
    assert.ok(Math.abs(tuesday - 10_000) < 300, `counted ${tuesday}`);
    assert.equal(await redis.pfmerge('week', 'monday', 'tuesday'), 'OK');
    assert.equal(await redis.pfcount('week'), await redis.pfcount('monday', 'tuesday'));
    await redis.set('copy', await redis.getBuffer('week'));
    assert.equal(await redis.pfcount('copy'), await redis.pfcount('week'));
  },

  async 'sorted by what other keys hold'(redis) {
    await redis.rpush('ids', 3, 1, 2);
    assert.deepEqual(await redis.sort('ids'), ['1', '2', '3']);
    for (const [id, name, weight] of [[1, 'one', 30], [2, 'two', 20], [3, 'three', 10]]) {
      await redis.set(`name:${id}`, name);
      await redis.hset(`data:${id}`, 'weight', weight);
    }
    assert.deepEqual(await redis.sort('ids', 'BY', 'data:*->weight', 'GET', '#', 'GET', 'name:*'), ['3', 'three', '2', 'two', '1', 'one']);
    assert.equal(await redis.sort('ids', 'BY', 'name:*', 'ALPHA', 'DESC', 'LIMIT', 0, 2, 'STORE', 'sorted'), 2);
    assert.deepEqual(await redis.lrange('sorted', 0, -1), ['2', '3']);
    assert.deepEqual(await redis.sort_ro('ids', 'DESC'), ['3', '2', '1']);
  },

  async 'pipelines and transactions over all of them'(redis) {
    const replies = await redis.pipeline()
      .rpush('list', 'a', 'b').hset('hash', 'f', 'v').sadd('set', 'm').zadd('zset', 1, 'z').xadd('stream', '1-1', 'k', 'v').incr('list').lrange('list', 0, -1).exec();
    assert.deepEqual(replies.filter(([error]) => error === null).map(([, reply]) => reply), [2, 1, 1, 1, '1-1', ['a', 'b']]);
    assert.match(replies[5][0].message, /WRONGTYPE/);

    const transaction = await redis.multi().lpop('list').blpop('nothing', 0).hgetall('hash').zrange('zset', 0, -1, 'WITHSCORES').smembers('set').exec();
    assert.deepEqual(transaction, [[null, 'a'], [null, null], [null, { f: 'v' }], [null, ['z', '1']], [null, ['m']]]);

    const watcher = connect();
    await watcher.watch('zset');
    await redis.zadd('zset', 2, 'other');
    assert.equal(await watcher.multi().zcard('zset').exec(), null);
    watcher.disconnect();

    assert.equal(await redis.copy('zset', 'copied'), 1);
    assert.deepEqual(await redis.zrange('copied', 0, -1), ['z', 'other']);
    const types = {};
    for (const type of ['list', 'hash', 'set', 'zset', 'stream']) types[type] = (await collect(redis.scanStream({ type }))).sort();
    assert.deepEqual(types, { list: ['list'], hash: ['hash'], set: ['set'], zset: ['copied', 'zset'], stream: ['stream'] });
  },
};

report(run(scenarios, connect, redis => redis.quit()));

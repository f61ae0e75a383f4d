"""What users of Debian's python3-redis do with each family of commands, on the server whose port is the first argument."""

import contextlib
import sys
import threading
import time

import redis

PORT = int(sys.argv[1])


def connect():
    return redis.Redis(port=PORT, decode_responses=True, socket_timeout=20)


def until(condition, what):
    """Asks until the answer is a yes. What it waits for happens soon; the limit is for the case that it never does."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.01)


@contextlib.contextmanager
def fails(text):
    try:
        yield
    except redis.ResponseError as error:
        assert text in str(error), error
    else:
        raise AssertionError(f"no error said {text}")


class Waiting:
    """A blocking call on a connection and a thread of its own."""

    def __init__(self, client, call):
        self.reply = None
        before = client.info("clients")["blocked_clients"]
        self.thread = threading.Thread(target=self.run, args=(call,), daemon=True)
        self.thread.start()
        until(lambda: client.info("clients")["blocked_clients"] == before + 1, "a client to block")

    def run(self, call):
        with connect() as worker:
            self.reply = call(worker)

    def result(self):
        self.thread.join(20)
        assert not self.thread.is_alive(), "still blocked"
        return self.reply


def lists(client):
    assert client.rpush("jobs", "one", "two", "three") == 3
    assert client.lmove("jobs", "running", "LEFT", "RIGHT") == "one"
    assert client.lrange("running", 0, -1) == ["one"]
    assert client.lpop("jobs", 5) == ["two", "three"]
    assert client.lpop("jobs") is None
    client.rpush("log", *[f"line:{index}" for index in range(1000)])
    assert client.ltrim("log", -10, -1) is True
    assert client.linsert("log", "before", "line:995", "between") == 11
    assert client.lpos("log", "between") == 5
    assert client.lset("log", 0, "first") is True
    assert client.lindex("log", 0) == "first"
    assert client.lrem("log", 0, "between") == 1
    assert client.lmpop(2, "nothing", "log", direction="RIGHT", count=2) == ["log", ["line:999", "line:998"]]
    with fails("no such key"):
        client.lset("nothing", 0, "x")
    with fails("WRONGTYPE"):
        client.get("log")


def blocking_pops(client):
    first = Waiting(client, lambda worker: worker.blpop(["urgent", "jobs"], timeout=20))
    second = Waiting(client, lambda worker: worker.brpop("jobs", timeout=20))
    assert client.rpush("jobs", "a", "b") == 2
    assert first.result() == ("jobs", "a")
    assert second.result() == ("jobs", "b")
    moved = Waiting(client, lambda worker: worker.blmove("from", "to", 20, "RIGHT", "LEFT"))
    client.rpush("from", "x")
    assert moved.result() == "x"
    assert client.lrange("to", 0, -1) == ["x"]
    lowest = Waiting(client, lambda worker: worker.bzpopmin("queue", timeout=20))
    client.zadd("queue", {"later": 2, "sooner": 1.5})
    assert lowest.result() == ("queue", "sooner", 1.5)
    assert client.bzmpop(1, 1, ["queue"], max=True) == ["queue", [["later", "2"]]]
    assert client.blpop("nothing", timeout=0.05) is None


def hashes(client):
    assert client.hset("user", mapping={"name": "Ada", "born": 1815}) == 2
    assert client.hgetall("user") == {"name": "Ada", "born": "1815"}
    assert client.hmget("user", "born", "nothing") == ["1815", None]
    assert client.hincrby("user", "born", 1) == 1816
    assert client.hincrbyfloat("user", "height", 1.75) == 1.75
    assert client.hexists("user", "nothing") is False
    assert client.hdel("user", "height", "nothing") == 1
    fields = {f"field:{index}": str(index) for index in range(1000)}
    client.hset("big", mapping=fields)
    assert dict(client.hscan_iter("big", count=50)) == fields
    assert dict(client.hscan_iter("big", match="field:99*")).keys() == {"field:99"} | {f"field:99{index}" for index in range(10)}
    random = client.hrandfield("big", 5, withvalues=True)
    assert [fields[field] for field in random[0::2]] == random[1::2]
    with fails("hash value is not an integer"):
        client.hincrby("user", "name")


def sets(client):
    assert client.sadd("a", "red", "green", "blue") == 3
    client.sadd("b", "green", "black")
    assert client.sinter("a", "b") == {"green"}
    assert client.sdiff("a", "b") == {"red", "blue"}
    assert client.sunionstore("all", "a", "b") == 4
    assert client.sintercard(2, ["a", "b"], limit=5) == 1
    assert client.smembers("all") == {"red", "green", "blue", "black"}
    assert client.smismember("all", ["red", "white"]) == [True, False]
    assert len(client.spop("all", 3)) == 3
    members = {f"member:{index}" for index in range(1000)}
    client.sadd("big", *members)
    assert set(client.sscan_iter("big", count=50)) == members
    assert len(set(client.srandmember("big", 10))) == 10


def sorted_sets(client):
    assert client.zadd("board", {"ann": 10, "bob": 20, "cid": 30}) == 3
    assert client.zadd("board", {"ann": 5, "bob": 25}, gt=True, ch=True) == 1
    assert client.zincrby("board", 0.5, "ann") == 10.5
    assert client.zrange("board", 0, -1, withscores=True) == [("ann", 10.5), ("bob", 25.0), ("cid", 30.0)]
    assert client.zmscore("board", ["ann", "nobody"]) == [10.5, None]
    assert client.zrank("board", "cid") == 2
    assert client.zpopmax("board") == [("cid", 30.0)]
    assert client.zadd("board", {"top": "inf"}) == 1
    assert client.zscore("board", "top") == float("inf")
    scores = {f"m:{index:03}": float(index) for index in range(500)}
    client.zadd("long", scores)
    pages = []
    while page := client.zrange("long", "-inf", "+inf", byscore=True, offset=len(pages), num=64):
        pages += page
    assert pages == list(scores)
    assert dict(client.zscan_iter("long", count=50)) == scores
    assert client.zrevrangebyscore("long", "(5", "-inf", start=0, num=2, withscores=True) == [("m:004", 4.0), ("m:003", 3.0)]
    assert client.zremrangebyrank("long", 0, 489) == 490
    assert client.zlexcount("long", "-", "+") == 10
    assert client.zunionstore("both", {"board": 2, "long": 1}, aggregate="MAX") == 13
    assert client.zinter(["both", "board"], withscores=True, aggregate="MIN") == [("ann", 10.5), ("bob", 25.0), ("top", float("inf"))]
    assert client.zmpop(1, ["both"], min=True) == ["both", [["ann", "21"]]]


def geo(client):
    assert client.geoadd("cities", (13.361389, 38.115556, "Palermo", 15.087269, 37.502669, "Catania")) == 2
    assert client.geodist("cities", "Palermo", "Catania", "km") == 166.2742
    assert client.geohash("cities", "Palermo", "nowhere") == ["sqc8b49rny0", None]
    position, nowhere = client.geopos("cities", "Palermo", "nowhere")
    assert [round(each, 5) for each in position] == [13.36139, 38.11556] and nowhere is None
    assert client.geosearch("cities", longitude=15, latitude=37, radius=200, unit="km", sort="ASC", withdist=True) == [["Catania", 56.4413], ["Palermo", 190.4424]]
    assert client.geosearch("cities", member="Catania", width=400, height=400, unit="km", sort="DESC") == ["Palermo", "Catania"]
    assert client.geosearchstore("near", "cities", member="Catania", radius=200, unit="km", storedist=True) == 2
    assert abs(client.zscore("near", "Palermo") - 166.2742) < 0.001


def streams(client):
    assert client.xadd("log", {"level": "info", "text": "started"}, id="1-1") == "1-1"
    client.xadd("log", {"level": "warn"}, id="1-*")
    assert client.xrange("log") == [("1-1", {"level": "info", "text": "started"}), ("1-2", {"level": "warn"})]
    assert client.xrevrange("log", count=1) == [("1-2", {"level": "warn"})]
    reading = Waiting(client, lambda worker: worker.xread({"log": "$"}, block=20_000))
    client.xadd("log", {"hello": "reader"}, id="2-0")
    assert reading.result() == [["log", [("2-0", {"hello": "reader"})]]]
    for index in range(3, 1000):
        client.xadd("log", {"index": index}, id=f"{index}-0", maxlen=100)
    assert 100 <= client.xlen("log") < 300
    assert client.xtrim("log", maxlen=5, approximate=False) > 0
    assert [each for each, _ in client.xrange("log")] == [f"{index}-0" for index in range(995, 1000)]
    assert client.xinfo_stream("log")["last-generated-id"] == "999-0"


def consumer_groups(client):
    assert client.xgroup_create("orders", "shop", mkstream=True) is True
    with fails("BUSYGROUP"):
        client.xgroup_create("orders", "shop")
    waiting = Waiting(client, lambda worker: worker.xreadgroup("shop", "ann", {"orders": ">"}, count=1, block=20_000))
    for index in range(1, 5):
        client.xadd("orders", {"order": index}, id=f"{index}-0")
    assert waiting.result() == [["orders", [("1-0", {"order": "1"})]]]
    assert [each for each, _ in client.xreadgroup("shop", "bob", {"orders": ">"}, count=2)[0][1]] == ["2-0", "3-0"]
    assert client.xack("orders", "shop", "2-0", "9-9") == 1
    pending = client.xpending("orders", "shop")
    assert pending == {"pending": 2, "min": "1-0", "max": "3-0", "consumers": [{"name": "ann", "pending": 1}, {"name": "bob", "pending": 1}]}
    entry = client.xpending_range("orders", "shop", "-", "+", 10, consumername="bob")[0]
    assert (entry["message_id"], entry["times_delivered"]) == ("3-0", 1)
    assert client.xclaim("orders", "shop", "ann", 0, ["3-0"]) == [("3-0", {"order": "3"})]
    assert client.xautoclaim("orders", "shop", "bob", 0, justid=True) == ["1-0", "3-0"]
    group = client.xinfo_groups("orders")[0]
    assert (group["name"], group["consumers"], group["pending"], group["last-delivered-id"], group["lag"]) == ("shop", 2, 2, "3-0", 1), group
    assert [(each["name"], each["pending"]) for each in client.xinfo_consumers("orders", "shop")] == [("ann", 0), ("bob", 2)]
    assert client.xgroup_delconsumer("orders", "shop", "bob") == 2
    assert client.xgroup_destroy("orders", "shop") == 1
    with fails("NOGROUP"):
        client.xreadgroup("shop", "ann", {"orders": ">"})


def hyperloglogs(client):
    assert client.pfadd("monday", "ann", "bob", "ann") == 1
    client.pfadd("tuesday", *[f"visitor:{index}" for index in range(5000)])
    assert client.pfmerge("week", "monday", "tuesday") is True
    assert abs(client.pfcount("week") - 5002) < 200
    assert client.pfcount("monday", "tuesday") == client.pfcount("week")


def sorting(client):
    client.rpush("ids", 3, 1, 2)
    client.mset({"weight:1": 30, "weight:2": 20, "weight:3": 10})
    assert client.sort("ids") == ["1", "2", "3"]
    assert client.sort("ids", by="weight:*", get=["#", "weight:*"], groups=True) == [("3", "10"), ("2", "20"), ("1", "30")]
    assert client.sort("ids", desc=True, start=0, num=2, store="sorted") == 2
    assert client.lrange("sorted", 0, -1) == ["3", "2"]


def pipelines(client):
    with client.pipeline() as pipe:
        pipe.rpush("list", "a", "b").hset("hash", "f", "v").sadd("set", "m").zadd("zset", {"z": 1}).hgetall("hash").zrange("zset", 0, -1, withscores=True)
        assert pipe.execute() == [2, 1, 1, 1, {"f": "v"}, [("z", 1.0)]]
    with client.pipeline(transaction=False) as pipe:
        pipe.lpush("hash", "x")
        pipe.lrange("list", 0, -1)
        error, reply = pipe.execute(raise_on_error=False)
        assert "WRONGTYPE" in str(error) and reply == ["a", "b"]
    with client.pipeline() as pipe:
        pipe.watch("zset")
        client.zadd("zset", {"other": 2})
        pipe.multi()
        pipe.zcard("zset")
        try:
            pipe.execute()
            raise AssertionError("a changed key did not abort the transaction")
        except redis.WatchError:
            pass
    assert sorted(client.scan_iter(_type="zset")) == ["zset"]


SCENARIOS = [lists, blocking_pops, hashes, sets, sorted_sets, geo, streams, consumer_groups, hyperloglogs, sorting, pipelines]

with connect() as main_client:
    for scenario in SCENARIOS:
        main_client.flushall()
        try:
            scenario(main_client)
        except Exception as error:
            raise AssertionError(f"The scenario {scenario.__name__} failed.") from error

print("ok")

namespace Hearth.Store;

/// <summary>What happened to a key, as a keyspace notification names it.</summary>
internal sealed class KeyspaceEvent(NotifyFlags notifyClass, string name)
{
    public static readonly KeyspaceEvent Set = new(NotifyFlags.String, "set");
    public static readonly KeyspaceEvent Append = new(NotifyFlags.String, "append");
    public static readonly KeyspaceEvent SetRange = new(NotifyFlags.String, "setrange");
    public static readonly KeyspaceEvent SetBit = new(NotifyFlags.String, "setbit");
    public static readonly KeyspaceEvent IncrBy = new(NotifyFlags.String, "incrby");
    public static readonly KeyspaceEvent DecrBy = new(NotifyFlags.String, "decrby");
    public static readonly KeyspaceEvent IncrByFloat = new(NotifyFlags.String, "incrbyfloat");
    public static readonly KeyspaceEvent PfAdd = new(NotifyFlags.String, "pfadd");
    public static readonly KeyspaceEvent HSet = new(NotifyFlags.Hash, "hset");
    public static readonly KeyspaceEvent HDel = new(NotifyFlags.Hash, "hdel");
    public static readonly KeyspaceEvent HIncrBy = new(NotifyFlags.Hash, "hincrby");
    public static readonly KeyspaceEvent HIncrByFloat = new(NotifyFlags.Hash, "hincrbyfloat");
    public static readonly KeyspaceEvent SAdd = new(NotifyFlags.Set, "sadd");
    public static readonly KeyspaceEvent SRem = new(NotifyFlags.Set, "srem");
    public static readonly KeyspaceEvent SPop = new(NotifyFlags.Set, "spop");
    public static readonly KeyspaceEvent SInterStore = new(NotifyFlags.Set, "sinterstore");
    public static readonly KeyspaceEvent SUnionStore = new(NotifyFlags.Set, "sunionstore");
    public static readonly KeyspaceEvent SDiffStore = new(NotifyFlags.Set, "sdiffstore");
    public static readonly KeyspaceEvent LPush = new(NotifyFlags.List, "lpush");
    public static readonly KeyspaceEvent RPush = new(NotifyFlags.List, "rpush");
    public static readonly KeyspaceEvent LPop = new(NotifyFlags.List, "lpop");
    public static readonly KeyspaceEvent RPop = new(NotifyFlags.List, "rpop");
    public static readonly KeyspaceEvent LInsert = new(NotifyFlags.List, "linsert");
    public static readonly KeyspaceEvent LSet = new(NotifyFlags.List, "lset");
    public static readonly KeyspaceEvent LRem = new(NotifyFlags.List, "lrem");
    public static readonly KeyspaceEvent LTrim = new(NotifyFlags.List, "ltrim");
    public static readonly KeyspaceEvent SortStore = new(NotifyFlags.List, "sortstore");
    public static readonly KeyspaceEvent ZAdd = new(NotifyFlags.ZSet, "zadd");
    public static readonly KeyspaceEvent ZIncr = new(NotifyFlags.ZSet, "zincr");
    public static readonly KeyspaceEvent ZRem = new(NotifyFlags.ZSet, "zrem");
    public static readonly KeyspaceEvent ZRemRangeByRank = new(NotifyFlags.ZSet, "zremrangebyrank");
    public static readonly KeyspaceEvent ZRemRangeByScore = new(NotifyFlags.ZSet, "zremrangebyscore");
    public static readonly KeyspaceEvent ZRemRangeByLex = new(NotifyFlags.ZSet, "zremrangebylex");
    public static readonly KeyspaceEvent ZPopMin = new(NotifyFlags.ZSet, "zpopmin");
    public static readonly KeyspaceEvent ZPopMax = new(NotifyFlags.ZSet, "zpopmax");
    public static readonly KeyspaceEvent ZRangeStore = new(NotifyFlags.ZSet, "zrangestore");
    public static readonly KeyspaceEvent ZUnionStore = new(NotifyFlags.ZSet, "zunionstore");
    public static readonly KeyspaceEvent ZInterStore = new(NotifyFlags.ZSet, "zinterstore");
    public static readonly KeyspaceEvent ZDiffStore = new(NotifyFlags.ZSet, "zdiffstore");
    public static readonly KeyspaceEvent GeoSearchStore = new(NotifyFlags.ZSet, "geosearchstore");
    public static readonly KeyspaceEvent GeoRadiusStore = new(NotifyFlags.ZSet, "georadiusstore");
    public static readonly KeyspaceEvent XAdd = new(NotifyFlags.Stream, "xadd");
    public static readonly KeyspaceEvent XDel = new(NotifyFlags.Stream, "xdel");
    public static readonly KeyspaceEvent XTrim = new(NotifyFlags.Stream, "xtrim");
    public static readonly KeyspaceEvent XSetId = new(NotifyFlags.Stream, "xsetid");
    public static readonly KeyspaceEvent XGroupCreate = new(NotifyFlags.Stream, "xgroup-create");
    public static readonly KeyspaceEvent XGroupCreateConsumer = new(NotifyFlags.Stream, "xgroup-createconsumer");
    public static readonly KeyspaceEvent XGroupDelConsumer = new(NotifyFlags.Stream, "xgroup-delconsumer");
    public static readonly KeyspaceEvent XGroupDestroy = new(NotifyFlags.Stream, "xgroup-destroy");
    public static readonly KeyspaceEvent XGroupSetId = new(NotifyFlags.Stream, "xgroup-setid");
    public static readonly KeyspaceEvent Del = new(NotifyFlags.Generic, "del");
    public static readonly KeyspaceEvent Expire = new(NotifyFlags.Generic, "expire");
    public static readonly KeyspaceEvent Persist = new(NotifyFlags.Generic, "persist");
    public static readonly KeyspaceEvent RenameFrom = new(NotifyFlags.Generic, "rename_from");
    public static readonly KeyspaceEvent RenameTo = new(NotifyFlags.Generic, "rename_to");
    public static readonly KeyspaceEvent MoveFrom = new(NotifyFlags.Generic, "move_from");
    public static readonly KeyspaceEvent MoveTo = new(NotifyFlags.Generic, "move_to");
    public static readonly KeyspaceEvent CopyTo = new(NotifyFlags.Generic, "copy_to");
    public static readonly KeyspaceEvent New = new(NotifyFlags.New, "new");
    public static readonly KeyspaceEvent Expired = new(NotifyFlags.Expired, "expired");
    public static readonly KeyspaceEvent Evicted = new(NotifyFlags.Evicted, "evicted");
    public static readonly KeyspaceEvent KeyMiss = new(NotifyFlags.KeyMiss, "keymiss");

    public NotifyFlags Class { get; } = notifyClass;

    public byte[] Name { get; } = System.Text.Encoding.ASCII.GetBytes(name);
}

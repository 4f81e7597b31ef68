package keyring

import (
	"bytes"
	"sync"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

// cache keeps keys that a key service opened for a minute, so that the service
// is asked once for a photo and not for each of its blobs. It saves that call
// alone: a key is found in it only by what lies in the photo's row, so a key
// that any process erased is gone for all at once. What then still lies in
// another process's memory goes within the minute.
type cache struct {
	mu   sync.Mutex
	keys map[photo.ID]*opened
}

// opened is a key, and the row that it was opened from.
type opened struct {
	sealed []byte
	key    dataKey
	end    *time.Timer
}

// Limits of the cache.
const (
	cacheLife = time.Minute
	cacheSize = 1000 // photos
)

func newCache() *cache { return &cache{keys: map[photo.ID]*opened{}} }

func (c *cache) find(id photo.ID, sealed []byte) (dataKey, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if o := c.keys[id]; o != nil && bytes.Equal(o.sealed, sealed) {
		return o.key, true
	}
	return dataKey{}, false
}

func (c *cache) keep(id photo.ID, sealed []byte, key dataKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(id)
	for other := range c.keys {
		if len(c.keys) < cacheSize {
			break
		}
		c.drop(other)
	}
	o := &opened{sealed: sealed, key: key}
	o.end = time.AfterFunc(cacheLife, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.keys[id] == o {
			c.drop(id)
		}
	})
	c.keys[id] = o
}

func (c *cache) forget(id photo.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(id)
}

// drop wants the lock held.
func (c *cache) drop(id photo.ID) {
	if o := c.keys[id]; o != nil {
		o.end.Stop()
		clear(o.key[:])
		delete(c.keys, id)
	}
}

package keyring

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/passportphotogenie/passportphotogenie/internal/photo"
)

func TestAnOpenedKeyIsKeptForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, id := newCache(), photo.NewID()
		c.keep(id, []byte("sealed"), dataKey{1})
		kept := c.keys[id]
		time.Sleep(cacheLife - time.Second)
		if key, ok := c.find(id, []byte("sealed")); !ok || key != (dataKey{1}) {
			t.Error("it is gone before its time")
		}
		if _, ok := c.find(id, []byte("sealed anew")); ok {
			t.Error("it is found by another row")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if len(c.keys) != 0 || kept.key != (dataKey{}) {
			t.Error("it is still in memory")
		}
	})
}

func TestAKeyKeptAnewLivesAnewAndAForgottenOneIsOverwritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, id := newCache(), photo.NewID()
		c.keep(id, []byte("sealed"), dataKey{1})
		time.Sleep(cacheLife / 2)
		c.keep(id, []byte("sealed"), dataKey{1})
		time.Sleep(cacheLife * 3 / 4)
		synctest.Wait()
		kept := c.keys[id]
		if kept == nil {
			t.Fatal("the first one's end took the second along")
		}
		c.forget(id)
		if _, ok := c.find(id, []byte("sealed")); ok || kept.key != (dataKey{}) {
			t.Error("it is not forgotten")
		}
	})
}

func TestTheCacheOfOpenedKeysIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCache()
		for range 2 * cacheSize {
			c.keep(photo.NewID(), []byte("sealed"), dataKey{1})
		}
		if len(c.keys) != cacheSize {
			t.Errorf("it holds %d keys", len(c.keys))
		}
	})
}

package httpapi

import (
	"net/netip"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/ratelimit"
)

// clientOf names who sent a request, for counting: whoever shares the name shares the
// rates. It is an API client's ID, or else the address, and is kept nowhere.
func (a *API) clientOf(c *gin.Context) string {
	if client, ok := apiClientOf(c.Request.Context()); ok {
		return ratelimit.Account + string(client.ID)
	}
	return a.addressOf(c)
}

// addressOf is the address that a request comes from, as far as proxies that are
// trusted tell it; empty where there is none. (Gin's own ClientIP takes a platform's
// header from anybody and as it is, and knows no zones.)
func (a *API) addressOf(c *gin.Context) string {
	addr := a.Proxies.Of(c.Request)
	if !addr.IsValid() {
		return ""
	}
	return addr.String()
}

// networkOf is the address, or the network that an IPv6 client may choose its addresses
// from.
func networkOf(address string) string {
	addr, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if network, err := addr.Prefix(64); err == nil && addr.Is6() {
		return network.String()
	}
	return addr.String()
}

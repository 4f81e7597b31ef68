package httpapi

import "github.com/gin-gonic/gin"

// Routes lists what is served, for tests that try everything.
func (a *API) Routes() gin.RoutesInfo { return a.engine.Routes() }

// Access is the access log's part of a request.
func (a *API) Access(c *gin.Context) { a.access(c) }

// PlainCell is what a cell of an export becomes.
func PlainCell(s string) string { return plainCell(s) }

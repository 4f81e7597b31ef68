package httpapi

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/breach"
)

func (a *API) breachWriter() breach.Writer {
	return breach.Writer{Controller: a.Facts.Controller, Zone: a.Zone}
}

// breachDraft is GET /ops/breaches/:id/notice.txt and message.txt: the texts that are
// to be sent, as files.
func (a *API) breachDraft(c *gin.Context) {
	drafts := map[string]func(breach.Breach) string{"notice.txt": a.breachWriter().Notice, "message.txt": a.breachWriter().Message}
	b, err := a.breachAt(c)
	draft, known := drafts[c.Param("draft")]
	if err == nil && !known {
		err = noEntry()
	}
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	c.Header("Content-Disposition", `attachment; filename="breach-`+c.Param("draft")+`"`)
	c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(draft(b)))
}

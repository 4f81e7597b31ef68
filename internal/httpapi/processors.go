package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/audit"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/secret"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// ProcessorDesk is the officers' side of the register of processors. Each change
// and its line in the audit trail are one.
type ProcessorDesk interface {
	Ended(ctx context.Context) ([]register.Processor, error)
	processorActions
}

type processorActions interface {
	Add(ctx context.Context, p register.Processor, e audit.Event) (register.Processor, error)
	Change(ctx context.Context, p register.Processor, e audit.Event) (register.Processor, error)
	End(ctx context.Context, p register.Processor, e audit.Event) error
}

const processorsPath = "/ops/processors"

// processorsPage is GET /ops/processors.
func (a *API) processorsPage(c *gin.Context) {
	a.showProcessors(c, http.StatusOK, webui.ProcessorForm{})
}

// showProcessors shows the register, with a form that was not taken as it was sent.
func (a *API) showProcessors(c *gin.Context, status int, tried webui.ProcessorForm) {
	current, err := a.Processors.List(c.Request.Context())
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	ended, err := a.ProcessorDesk.Ended(c.Request.Context())
	if err != nil {
		a.opsProblem(c, err)
		return
	}
	events := map[register.ProcessorID][]audit.Event{}
	for _, p := range slices.Concat(current, ended) {
		if events[p.ID], err = a.Audit.About(c.Request.Context(), string(p.ID)); err != nil {
			a.opsProblem(c, err)
			return
		}
	}
	a.page(c, status, func(w io.Writer) error {
		return a.pages.Processors(w, webui.Processors{Current: current, Ended: ended, Events: events, Tried: tried, By: a.signedIn(c), Now: a.Now()})
	})
}

// decideProcessor is POST /ops/processors/:id/:action: add (to the entry "new"),
// change or end.
func (a *API) decideProcessor(c *gin.Context) {
	if !operatorOf(c).Decides() {
		a.opsProblem(c, officersOnly())
		return
	}
	sent := c.Request.PostForm
	err := a.actOnProcessor(c, sent)
	var field register.FieldError
	tried := webui.ProcessorForm{ID: c.Param("id"), Action: c.Param("action"), Sent: sent}
	switch {
	case err == nil:
		c.Redirect(http.StatusSeeOther, processorsPath)
	case errors.As(err, &field):
		tried.Field, tried.Problem = field.Field, field.Detail
		a.showProcessors(c, http.StatusUnprocessableEntity, tried)
	case errors.Is(err, register.ErrChanged), errors.Is(err, register.ErrNotFound):
		tried.Quicker = true
		a.showProcessors(c, http.StatusConflict, tried)
	default:
		a.opsProblem(c, err)
	}
}

func (a *API) actOnProcessor(c *gin.Context, sent url.Values) error {
	ctx, id := c.Request.Context(), c.Param("id")
	if id != "new" && !secret.IsName(id) {
		return noEntry()
	}
	e := audit.Event{At: a.Now(), Actor: operatorOf(c).Name, Outcome: audit.Allowed}
	p := register.Processor{
		ID: register.ProcessorID(id), Name: sent.Get("name"), Role: sent.Get("role"), Region: sent.Get("region"),
		Safeguard: sent.Get("safeguard"), ContractDate: day(sent, "contract_date"), Ended: day(sent, "ended"),
	}
	// What is no number is no revision: the first is 1.
	p.Revision, _ = strconv.Atoi(sent.Get("revision"))
	var err error
	switch action := c.Param("action"); {
	case action == "add" && id == "new":
		e.Action = audit.AddProcessor
		_, err = a.ProcessorDesk.Add(ctx, p, e)
	case action == "change":
		e.Action = audit.ChangeProcessor
		_, err = a.ProcessorDesk.Change(ctx, p, e)
	case action == "end":
		e.Action = audit.EndProcessor
		err = a.ProcessorDesk.End(ctx, p, e)
	default:
		err = noEntry()
	}
	return err
}

// day is a field of a form, zero for what is no day.
func day(sent url.Values, field string) time.Time {
	t, err := time.Parse(time.DateOnly, sent.Get(field))
	if err != nil {
		return time.Time{}
	}
	return t
}

package httpapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/passportphotogenie/passportphotogenie/internal/policy"
	"github.com/passportphotogenie/passportphotogenie/internal/register"
	"github.com/passportphotogenie/passportphotogenie/internal/webui"
)

// Processors lists who works with the data for us.
type Processors interface {
	List(ctx context.Context) ([]register.Processor, error)
}

type policyBody struct {
	Version  int               `json:"version" doc:"of the privacy policy in force" example:"1"`
	Date     string            `json:"date" format:"date" doc:"from which it holds"`
	Changed  []string          `json:"changed" nullable:"false" doc:"what is new in it, in words"`
	Links    map[string]string `json:"links" doc:"page: its text; self: this"`
	Versions []versionBody     `json:"versions" nullable:"false" doc:"all there are, oldest first; one may hold from a day to come"`
}

type versionBody struct {
	Version int    `json:"version"`
	Date    string `json:"date" format:"date"`
	Page    string `json:"page" doc:"address of its text, on this host"`
}

type policyOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         policyBody
}

// routePolicy adds the policy for programs.
func (a *API) routePolicy(api huma.API) {
	huma.Register(api, withProblems(huma.Operation{
		OperationID: "get-policy", Method: http.MethodGet, Path: "/v1/policy",
		Summary: "The privacy policy in force, and what has changed", Tags: []string{"policy"},
	}, api), a.getPolicy)
}

func (a *API) getPolicy(context.Context, *struct{}) (*policyOutput, error) {
	v := a.Policy.InForce(a.Now())
	body := policyBody{
		Version: v.Number, Date: v.Date.Format(time.DateOnly), Changed: a.changed[v.Number],
		Links: map[string]string{"self": "/v1/policy", "page": policyPath(v)},
	}
	for _, v := range a.Policy.Versions() {
		body.Versions = append(body.Versions, versionBody{v.Number, v.Date.Format(time.DateOnly), policyPath(v)})
	}
	return &policyOutput{catalogueLife, body}, nil
}

func policyPath(v policy.Version) string { return "/privacy/" + strconv.Itoa(v.Number) }

// policyPage is GET /privacy.
func (a *API) policyPage(c *gin.Context) { a.showPolicy(c, a.Policy.InForce(a.Now())) }

// policyVersionPage is GET /privacy/:version.
func (a *API) policyVersionPage(c *gin.Context) {
	number, err := strconv.Atoi(c.Param("version"))
	v, unknown := a.Policy.Find(number)
	if err != nil || unknown != nil {
		a.page(c, http.StatusNotFound, func(w io.Writer) error {
			return a.around(c).Message(w, webui.Message{
				Title: "There is no such version", Detail: "The privacy policy lists all its versions at its end.", Back: "/privacy", BackText: "To the privacy policy",
			})
		})
		return
	}
	a.showPolicy(c, v)
}

func (a *API) showPolicy(c *gin.Context, v policy.Version) {
	text, err := v.Markdown(a.factsOfToday(c.Request.Context()))
	if err != nil {
		a.problemPage(c, err)
		return
	}
	view := webui.Policy{Markdown: text, Version: v.Number, Day: v.Day(), InForce: v.Number == a.Policy.InForce(a.Now()).Number}
	for _, v := range a.Policy.Versions() {
		view.Versions = append(view.Versions, webui.PolicyVersion{Number: v.Number, Day: v.Day()})
	}
	a.page(c, http.StatusOK, func(w io.Writer) error { return a.around(c).Policy(w, view) })
}

// factsOfToday has the register in it. The policy is shown also while that can't be
// read, and says so.
func (a *API) factsOfToday(ctx context.Context) policy.Facts {
	f := a.Facts
	var err error
	if f.Processors, err = a.Processors.List(ctx); err != nil {
		a.Log.Error("the register of processors can't be read; the privacy policy is shown without it", "error", err)
		f.Unread = true
	}
	return f
}

// readPolicy takes what changed out of each version, for a notice on every page. It
// fails when one can't be shown, which only a mistake in its file can bring.
func (a *API) readPolicy() error {
	a.changed = map[int][]string{}
	for _, v := range a.Policy.Versions() {
		changed, err := v.Changed(a.Facts)
		if err == nil {
			_, err = v.Markdown(a.Facts)
		}
		if err != nil {
			return fmt.Errorf("the privacy policy can't be shown: %w", err)
		}
		a.changed[v.Number] = changed
	}
	return nil
}

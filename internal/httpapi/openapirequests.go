package httpapi

import (
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// These two bring the document and what huma takes together where they differ.

// refuseEmpty refuses parameters of the query without a value, such as "limit=", where
// that is not what the document describes. Huma takes them for left out.
func refuseEmpty(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		u := c.URL()
		given := u.Query()
		for _, p := range c.Operation().Parameters {
			if p.In == "query" && slices.Contains(given[p.Name], "") && !anyText(p.Schema) {
				_ = huma.WriteErr(api, c, http.StatusUnprocessableEntity, "", &huma.ErrorDetail{Location: "query." + p.Name, Message: "has no value: leave it out or give it one"}) // fails only when the client has gone
				return
			}
		}
		next(c)
	}
}

func anyText(s *huma.Schema) bool {
	return s.Type == huma.TypeString && len(s.Enum) == 0 && s.Pattern == ""
}

// allowNulls says of every JSON body that a property which may be left out may be null
// as well, which means the same: many clients write what they don't have so.
func allowNulls(doc *huma.OpenAPI) {
	for _, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Post, item.Patch} {
			if op == nil || op.RequestBody == nil || op.RequestBody.Content[jsonType] == nil {
				continue
			}
			allowNullsIn(doc, op.RequestBody.Content[jsonType].Schema)
		}
	}
}

func allowNullsIn(doc *huma.OpenAPI, s *huma.Schema) {
	if s.Ref != "" {
		s = doc.Components.Schemas.SchemaFromRef(s.Ref)
	}
	for name, p := range s.Properties {
		switch {
		case slices.Contains(s.Required, name) || p.Nullable || len(p.AnyOf) > 0:
		case p.Ref != "":
			allowNullsIn(doc, p)
			orNull(s, name)
		default:
			p.Nullable = true
			if len(p.Enum) > 0 {
				p.Enum = append(p.Enum, nil)
			}
		}
	}
}

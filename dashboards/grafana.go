package main

import "encoding/json"

// dashboard is one page in Grafana.
type dashboard struct {
	file, uid, title, about string
	rows                    []row
}

type row struct {
	title  string
	panels []panel
}

// panel is one chart or one number.
type panel struct {
	title, about string
	kind         kind
	unit         string // Grafana's name of it
	queries      []query
	warn, fail   float64 // from where a number is coloured; 0 for nowhere
	lowIsBad     bool    // then below these
}

type kind string

const (
	series kind = "timeseries"
	number kind = "stat"
)

type query struct{ expr, legend string }

// Grafana's grid has 24 columns.
const (
	columns                   = 24
	numberWidth, numberHeight = 4, 4
	seriesWidth, seriesHeight = 8, 8
)

type object = map[string]any

// source is the Prometheus that the viewer chooses at the top.
func source() object { return object{"type": "prometheus", "uid": "${source}"} }

// render is the dashboard as Grafana imports it.
func (d dashboard) render() ([]byte, error) {
	var panels []object
	id, y := 0, 0
	for _, r := range d.rows {
		id++
		panels = append(panels, object{"id": id, "type": "row", "title": r.title, "collapsed": false, "gridPos": grid(0, y, columns, 1), "panels": []object{}})
		y++
		x, tallest := 0, 0
		for _, p := range r.panels {
			w, h := p.size()
			if x+w > columns {
				x, y, tallest = 0, y+tallest, 0
			}
			id++
			panels = append(panels, p.render(id, grid(x, y, w, h)))
			x, tallest = x+w, max(tallest, h)
		}
		y += tallest
	}
	out, err := json.MarshalIndent(object{
		"uid": d.uid, "title": d.title, "description": d.about, "tags": []string{"passportphotogenie"},
		"schemaVersion": 39, "version": 1, "editable": true, "graphTooltip": 1, "timezone": "utc",
		"time": object{"from": "now-6h", "to": "now"}, "refresh": "30s",
		"links":      []object{{"type": "dashboards", "tags": []string{"passportphotogenie"}, "title": "Others", "asDropdown": true, "includeVars": true, "keepTime": true}},
		"templating": object{"list": []object{{"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}}},
		"panels":     panels,
	}, "", "  ")
	return append(out, '\n'), err
}

func grid(x, y, w, h int) object { return object{"x": x, "y": y, "w": w, "h": h} }

func (p panel) size() (w, h int) {
	if p.kind == number {
		return numberWidth, numberHeight
	}
	return seriesWidth, seriesHeight
}

func (p panel) render(id int, at object) object {
	var targets []object
	for i, q := range p.queries {
		targets = append(targets, object{"refId": string(rune('A' + i)), "datasource": source(), "expr": q.expr, "legendFormat": q.legend})
	}
	defaults := object{"unit": p.unit}
	options := object{"legend": object{"displayMode": "list", "placement": "bottom", "showLegend": true}, "tooltip": object{"mode": "multi", "sort": "desc"}}
	if p.kind == number {
		defaults["thresholds"] = p.thresholds()
		options = object{"reduceOptions": object{"calcs": []string{"lastNotNull"}}, "colorMode": "background", "graphMode": "area"}
	} else {
		// Soft, because time that is left goes below 0 when it is over.
		defaults["custom"] = object{"fillOpacity": 10, "showPoints": "never", "spanNulls": false, "axisSoftMin": 0}
	}
	return object{
		"id": id, "type": string(p.kind), "title": p.title, "description": p.about, "datasource": source(), "gridPos": at,
		"targets": targets, "fieldConfig": object{"defaults": defaults, "overrides": []object{}}, "options": options,
	}
}

func (p panel) thresholds() object {
	steps := []object{{"color": "green", "value": nil}}
	switch {
	case p.lowIsBad:
		steps = []object{{"color": "red", "value": nil}, {"color": "orange", "value": p.fail}, {"color": "green", "value": p.warn}}
	case p.fail > 0:
		steps = append(steps, object{"color": "orange", "value": p.warn}, object{"color": "red", "value": p.fail})
	}
	return object{"mode": "absolute", "steps": steps}
}

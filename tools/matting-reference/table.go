package main

import (
	"fmt"
	"os"
	"text/tabwriter"
)

func printTable(cases []*comparison) error {
	t := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(t, "case\talpha\tPyM\tratio\tms\tPyM\tratio\tcolours\tPyM\tratio\tms\tPyM\tratio\t")
	var sum [4]float64
	for _, c := range cases {
		o, p := &c.ours, &c.pymattings
		alpha, colours := o.alphaError/p.alphaError, o.colourError/p.colourError
		alphaTime, coloursTime := median(quotients(o.alphaMS, p.alphaMS)), median(quotients(o.coloursMS, p.coloursMS))
		_, _ = fmt.Fprintf(t, "%s\t%.4f\t%.4f\t%.2f\t%.0f\t%.0f\t%.2f\t%.4f\t%.4f\t%.2f\t%.0f\t%.0f\t%.2f\t\n", c.truth.Name,
			o.alphaError, p.alphaError, alpha, median(o.alphaMS), median(p.alphaMS), alphaTime,
			o.colourError, p.colourError, colours, median(o.coloursMS), median(p.coloursMS), coloursTime)
		for i, v := range [4]float64{alpha, alphaTime, colours, coloursTime} {
			sum[i] += v / float64(len(cases))
		}
	}
	_, _ = fmt.Fprintf(t, "mean\t\t\t%.2f\t\t\t%.2f\t\t\t%.2f\t\t\t%.2f\t\n", sum[0], sum[1], sum[2], sum[3])
	return t.Flush() // tells of any of the writes before
}

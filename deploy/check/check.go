// Package check holds the files by which the service is deployed to what they say:
// its tests read each with the reader of the platform it is for, strictly, and start
// no container. Every process must find in them all that production asks for and
// nothing that it does not know, may take as long to stop as it needs, and runs
// without rights that it has no use for.
//
// It is a module of its own, so that Kubernetes and the others are no dependencies
// of the product.
package check

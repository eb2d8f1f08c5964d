"""Records -> engine documents: field names, index generations, documents and bulk bodies. Pure."""

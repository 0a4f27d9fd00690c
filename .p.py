p='src/workflow/constraints/parents.ts'
s=open(p).read()
i=s.index("  if (isWritten !== undefined) {"); print(s[i:i+420])

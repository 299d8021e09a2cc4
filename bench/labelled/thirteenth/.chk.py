import glob
tp=tm=ta=0
for f in sorted(glob.glob('/tmp/blind/t1/*.txt')):
    L=open(f,encoding='utf8').read().split('\n')
    assert L[-1]=='';L=L[:-1]
    arts=[[]]
    for i,l in enumerate(L):
        if l=='====': arts.append([]);continue
        if l[:2] not in('+ ','- ') or len(l)<3 or l!=l.rstrip(): print('BAD',f,i+1,repr(l))
        arts[-1].append(l)
    c=[(sum(x[0]=='+' for x in a),sum(x[0]=='-' for x in a)) for a in arts]
    p=sum(x for x,_ in c);m=sum(y for _,y in c);tp+=p;tm+=m;ta+=len(arts)
    print(f[-6:],len(arts),p,m,c)
print(ta,tp,tm)
